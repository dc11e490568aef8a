import { LibsqlError } from "@libsql/core/api";
import { describe, expect, it } from "vitest";
import { Refusal } from "../../../src/libsql/refusal.js";
import { statementFailure } from "../../../src/pool/client/failure.js";

const OPEN = { open: true, bytesSent: 1 };

describe("a statement whose stream the server does not know", () => {
  it.each([
    new LibsqlError("The stream has expired due to inactivity", "STREAM_EXPIRED"),
    new LibsqlError("Server returned HTTP status 400: Received an invalid baton", "SERVER_ERROR"),
    new LibsqlError("Server returned HTTP status 400: Received an invalid baton: bad MAC", "SERVER_ERROR"),
    new LibsqlError("Received a baton that has already been used", "SERVER_ERROR"),
  ])("was not executed, and its connection is good for the next ($message)", (cause) => {
    expect(statementFailure(cause, true, OPEN)).toMatchObject({
      outcome: "not executed",
      transient: true,
      spoiled: false,
    });
  });

  it("is not one that the database has refused in those words", () => {
    const cause = new LibsqlError("SQLite error: an invalid baton", "SQLITE_CONSTRAINT_TRIGGER");
    expect(statementFailure(cause, true, OPEN)).toMatchObject({ outcome: "answered", transient: false });
  });
});

describe("a statement that a server refuses with 429", () => {
  const refused = (why: string, retryAfter?: number): LibsqlError =>
    new LibsqlError(why, "SERVER_ERROR", undefined, undefined, new Refusal(429, retryAfter));

  it.each([
    refused("Server returned HTTP status 429: Timed out while opening database connection"),
    refused("Server returned HTTP status 429: Too many concurrent requests"),
    refused("Server returned HTTP status 429", 1_000),
  ])("was not executed when it says so ($message)", (cause) => {
    const error = { code: "SERVER_ERROR", outcome: "not executed" };
    const failure = { error, outcome: "not executed", transient: true, spoiled: false };
    expect(statementFailure(cause, true, OPEN)).toMatchObject(failure);
  });

  it("may have been executed when it does not", () => {
    const failure = { outcome: "unknown", transient: true, spoiled: false };
    expect(statementFailure(refused("Server returned HTTP status 429"), true, OPEN)).toMatchObject(failure);
  });
});

describe("a statement whose connection is closed under it", () => {
  const cause = new LibsqlError("Client was manually closed", "UNKNOWN");

  it.each([
    [true, "unknown"],
    [false, "not executed"],
  ] as const)("has lost its connection; sent: %s, so its outcome is %s", (sent, outcome) => {
    const failure = statementFailure(cause, sent, { open: false, bytesSent: 1 });
    expect(failure).toMatchObject({
      error: { code: "CONNECTION_CLOSED", outcome },
      outcome,
      transient: true,
      spoiled: true,
    });
  });
});

describe("a statement whose answer was garbled on its way", () => {
  it("may have been executed, and its connection is of no more use", () => {
    const cause = new SyntaxError("Cannot convert 4G545 to a BigInt");
    expect(statementFailure(cause, true, OPEN)).toMatchObject({
      error: { code: "HRANA_PROTO_ERROR", outcome: "unknown", cause },
      outcome: "unknown",
      spoiled: true,
    });
  });

  it("is not one whose result does not fit into a number, or whose arguments were wrong", () => {
    for (const cause of [new RangeError("cannot be safely represented"), new TypeError("Unsupported type")]) {
      expect(statementFailure(cause, true, OPEN)).toMatchObject({ error: cause, outcome: "answered" });
    }
  });
});
