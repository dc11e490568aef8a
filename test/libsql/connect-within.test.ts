import { describe, expect, it } from "vitest";
import type { Connect } from "../../src/libsql/connection.js";
import { connectWithin } from "../../src/libsql/connect-within.js";

/** Nobody ever answers. */
const connect: Connect = (signal) =>
  new Promise((_, reject) => {
    if (signal.aborted) throw new Error("was asked to open after all");
    signal.addEventListener("abort", () => reject(signal.reason as Error));
  });

describe("opening one connection outside any pool", () => {
  it("fails with CONNECT_TIMEOUT when its time is up", async () => {
    await expect(connectWithin(connect, "here", 10)).rejects.toMatchObject({ code: "CONNECT_TIMEOUT" });
  });

  it("ends with the caller's signal, also when that has fired before", async () => {
    const reason = new Error("mine");
    const caller = new AbortController();
    const opening = connectWithin(connect, "here", 60_000, caller.signal);
    caller.abort(reason);
    await expect(opening).rejects.toBe(reason);
    await expect(connectWithin(connect, "here", 60_000, caller.signal)).rejects.toBe(reason);
  });
});
