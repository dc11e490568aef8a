import { LibsqlError } from "@libsql/client";
import { expect, it } from "vitest";
import { openError, statementError } from "../../src/libsql/connection-errors.js";

const system = (code: string): Error => Object.assign(new Error(`connect ${code}`), { code });

it.each([
  ["ECONNREFUSED", "UNREACHABLE"],
  ["ENOTFOUND", "UNREACHABLE"],
  ["ECONNRESET", "UNREACHABLE"],
  ["ETIMEDOUT", "CONNECT_TIMEOUT"],
  ["CERT_HAS_EXPIRED", "TLS_FAILED"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "TLS_FAILED"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "TLS_FAILED"],
  ["EWHATEVER", "UNREACHABLE"],
])("an opening that failed with %s is %s, names the place, and keeps the cause", (code, expected) => {
  const cause = system(code);
  expect(openError("ws://h", cause)).toMatchObject({ code: expected, cause });
  expect(openError("ws://h", cause).message).toMatch(/^ws:\/\/h: /);
});

it("of an attempt on several addresses the last one's reason counts", () => {
  const cause = new AggregateError([system("EWHATEVER"), system("ECONNREFUSED")]);
  expect(openError("ws://localhost:1", cause).message).toContain("connection refused");
});

const http = (status: number): Error => Object.assign(new Error(`status ${status}`), { status });

it.each([
  [new LibsqlError("no such table: t", "SQLITE_ERROR"), "SQL_ERROR"],
  [
    new LibsqlError("Server returned HTTP status 401", "SERVER_ERROR", undefined, undefined, http(401)),
    "AUTH_REJECTED",
  ],
  [new LibsqlError("The JWT has expired", "AUTH_JWT_EXPIRED"), "AUTH_REJECTED"],
  [
    new LibsqlError("Server returned HTTP status 500", "SERVER_ERROR", undefined, undefined, http(500)),
    "SERVER_ERROR",
  ],
  [new LibsqlError("closed with code 1006", "HRANA_WEBSOCKET_ERROR"), "CONNECTION_CLOSED"],
  [new LibsqlError("socket", "CONNECTION_CLOSED"), "CONNECTION_CLOSED"],
  [new TypeError("fetch failed"), "CONNECTION_CLOSED"],
])("a statement that failed with %s is %s", (cause, expected) => {
  expect(statementError("ws://h", cause)).toMatchObject({ code: expected, cause });
});

const notHttp = Object.assign(new Error("Parse Error: Expected HTTP/"), { code: "HPE_INVALID_CONSTANT" });

it.each([
  ["JSON that is not Hrana", statementError("ws://h", new LibsqlError("Unexpected", "HRANA_PROTO_ERROR"))],
  ["no JSON", statementError("http://h", new LibsqlError("the answer is not a JSON object", "SERVER_ERROR"))],
  [
    "no HTTP",
    statementError("http://h", new LibsqlError("x", "CONNECTION_CLOSED", undefined, undefined, notHttp)),
  ],
  ["no HTTP to an upgrade", openError("ws://h", notHttp)],
])("%s says that no libSQL server answers there", (_, error) => {
  expect(error).toMatchObject({
    code: "SERVER_ERROR",
    message: expect.stringContaining("what answers there does not speak Hrana") as string,
    hint: expect.stringMatching(/^Is it a libSQL server\?/) as string,
  });
});

it.each([
  ["SQLITE_ERROR", "Check the statement."],
  ["SQLITE_BUSY", /has it locked/],
  ["SQLITE_CORRUPT", /damaged or cut short/],
  ["SQLITE_NOTADB", /path of an SQLite/],
  ["UNKNOWN", /server's log/],
])("the hint of %s is about it", (code, hint) => {
  expect(statementError("ws://h", new LibsqlError("no", code))).toMatchObject({
    code: "SQL_ERROR",
    hint: typeof hint === "string" ? hint : (expect.stringMatching(hint) as string),
  });
});

it("no error repeats a token", () => {
  const cause = new LibsqlError("bad token Bearer abcdef", "AUTH_JWT_INVALID");
  expect(statementError("ws://h?authToken=abcdef", cause).message).not.toContain("abcdef");
});
