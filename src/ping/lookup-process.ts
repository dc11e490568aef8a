// The process of a NameLookup.
import { lookup } from "node:dns";
import process from "node:process";
import type { LookupAnswer, LookupRequest } from "./name-lookup.js";

// The first lookup of a process starts its threads and loads the resolver: 5 ms that are not the name's.
lookup("localhost", () => undefined);

process.on("message", ({ id, host, options }: LookupRequest) => {
  lookup(host, options, (error, address, family) => {
    const told = error ? { code: error.code, message: error.message } : undefined;
    const answer: LookupAnswer = { id, error: told, address, family };
    process.send?.(answer, () => undefined);
  });
});
