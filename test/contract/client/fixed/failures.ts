import { expect } from "vitest";
import { REMOTE } from "../case.js";
import { answered, done, five, inBatch, over, rejected, type FixedDefect } from "./defect.js";

const webSocketError = rejected("HRANA_WEBSOCKET_ERROR");
const fetchFailed = { rejected: { error: "TypeError", message: "fetch failed" } };

/** Of networks and servers that fail. */
export const FAILURES: readonly FixedDefect[] = [
  {
    why: "nobody there is another error over HTTP, and a raw one",
    on: ["http"],
    cases: ["says that nobody listens"],
    plain: five(fetchFailed),
    ours: five(rejected("UNREACHABLE")),
  },
  {
    why: "nobody there is another error over WebSocket",
    on: ["ws"],
    cases: ["says that nobody listens"],
    plain: five(webSocketError),
    ours: five(rejected("UNREACHABLE")),
  },
  {
    why: "what only reads is not asked for again",
    on: ["ws"],
    cases: ["says that the server went away in the middle of a statement"],
    plain: webSocketError,
    ours: answered,
  },
  {
    why: "what only reads is not asked for again, and the error is a raw one",
    on: ["http"],
    cases: ["says that the server went away in the middle of a statement"],
    plain: fetchFailed,
    ours: answered,
  },
  {
    why: "a transaction whose connection is lost does not know that it is over",
    on: ["ws"],
    cases: ["says that a transaction is over when it knows that its connection was reset"],
    plain: [false, webSocketError, true],
    ours: [true, over, true],
  },
  {
    why: "a transaction whose connection is lost does not know that it is over, and says so in other words each time",
    on: ["ws"],
    cases: ["ends a transaction whose connection was reset"],
    plain: [webSocketError, false, webSocketError, webSocketError, webSocketError, webSocketError, done, 0],
    ours: [over, true, over, over, over, over, over, 0],
  },
  {
    why: "a transaction goes on over another connection, which nothing in the protocol promises",
    on: ["http"],
    cases: ["ends a transaction whose connection was reset"],
    plain: [answered, false, answered, [answered], done, done, done, 5],
    ours: [over, true, over, over, over, over, over, 0],
  },
  {
    why: "whether a dead transaction was committed may not be known, and rollback() says nothing",
    on: ["http"],
    cases: ["ends a transaction whose stream expired"],
    plain: [rejected("STREAM_EXPIRED"), true, over, over, over, over, done, 0],
    ours: [rejected("STREAM_EXPIRED"), true, over, over, over, over, over, 0],
  },
  {
    why: "a transaction that the server has rolled back goes on in autocommit",
    on: REMOTE,
    cases: ["ends a transaction that was idle while another waited"],
    plain: [
      inBatch("TRANSACTION_TIMEOUT", 0),
      false,
      answered,
      [answered],
      done,
      rejected("SQLITE_UNKNOWN"),
      done,
      3,
    ],
    ours: [inBatch("TRANSACTION_TIMEOUT", 0), true, over, over, over, over, over, 0],
  },
  {
    why: "a token that is missing has another code over each transport",
    on: ["ws"],
    cases: ["says that a database needs a token"],
    plain: five(rejected("AUTH_JWT_MISSING")),
    ours: five(rejected("AUTH_REJECTED")),
  },
  {
    why: "a token that is wrong has another code over each transport",
    on: ["ws"],
    cases: ["says that a token is wrong"],
    plain: five(rejected("AUTH_JWT_INVALID")),
    ours: five(rejected("AUTH_REJECTED")),
  },
  {
    why: "a token that is refused has the code of a server that failed",
    on: ["http"],
    cases: ["says that a database needs a token", "says that a token is wrong"],
    plain: five(rejected("SERVER_ERROR")),
    ours: five(rejected("AUTH_REJECTED")),
  },
  {
    why: "a connection that the server ended is a WebSocket's error",
    on: ["ws"],
    cases: ["says that a request is too large"],
    plain: [webSocketError, answered],
    ours: [rejected("CONNECTION_CLOSED"), answered],
  },
  {
    why: "whether a request that was refused was executed is left open without saying so",
    on: ["http"],
    cases: ["says that a request is too large"],
    plain: [rejected("SERVER_ERROR"), answered],
    ours: [
      rejected("SERVER_ERROR", { message: expect.stringContaining("is not known") as unknown }),
      answered,
    ],
  },
];
