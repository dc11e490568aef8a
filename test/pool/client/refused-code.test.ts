import { LibsqlError } from "@libsql/core/api";
import { expect, it } from "vitest";
import { Refusal } from "../../../src/libsql/refusal.js";
import { statementFailure } from "../../../src/pool/client/failure.js";

it.each([
  ["UNKNOWN", "SERVER_ERROR"],
  ["SERVER_ERROR", "SERVER_ERROR"],
  ["TOO_MANY_REQUESTS", "TOO_MANY_REQUESTS"],
])("a refused request has the server's code, if it gave one (%s: %s)", (given, code) => {
  const cause = new LibsqlError("slow down", given, undefined, undefined, new Refusal(500, undefined));
  const failure = statementFailure(cause, true, { open: true, bytesSent: 1 });
  expect(failure.error).toMatchObject({ code, outcome: "unknown" });
});
