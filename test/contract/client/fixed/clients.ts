import { LOCAL, REMOTE } from "../case.js";
import {
  answered,
  anything,
  clientClosed,
  done,
  five,
  inBatch,
  over,
  rejected,
  type FixedDefect,
} from "./defect.js";

const ownFetchFailed = { rejected: { error: "Error", message: "no fetch today" } };
const notSupported = { code: "SYNC_NOT_SUPPORTED" };

/** Of clients and transactions whose network and server are well. */
export const CLIENTS: readonly FixedDefect[] = [
  {
    why: "a closed client is UNKNOWN over HTTP only",
    on: ["http"],
    cases: ["execute()", "batch()", "migrate()", "executeMultiple()", "transaction()"].map(
      (call) => `refuses ${call} after close()`,
    ),
    plain: clientClosed,
    ours: rejected("CLIENT_CLOSED"),
  },
  {
    why: "what a fetch of the caller's own rejects with comes raw, without a code",
    on: ["http"],
    cases: ["says what the fetch that it was given says"],
    plain: [ownFetchFailed, ownFetchFailed],
    ours: [rejected("CONNECTION_CLOSED"), rejected("CONNECTION_CLOSED")],
  },
  {
    why: "sync() throws before there is a promise to catch it by",
    on: REMOTE,
    cases: ["has nothing to sync with"],
    plain: { thrown: notSupported },
    ours: { rejected: notSupported },
  },
  {
    why: "sync() throws before there is a promise to catch it by, and knows nothing of close()",
    on: REMOTE,
    cases: ["refuses sync() after close()"],
    plain: { thrown: notSupported },
    ours: { rejected: notSupported },
  },
  {
    why: "a transaction over WebSocket does not know that its client was closed",
    on: ["ws"],
    cases: ["ends its transactions when it is closed"],
    plain: [false, answered],
    ours: [true, answered],
  },
  {
    why: "a transaction over WebSocket has no code for its client having been closed",
    on: ["ws"],
    cases: [
      "refuses to go on in a transaction when it is closed",
      "refuses to commit a transaction when it is closed",
    ],
    plain: clientClosed,
    ours: over,
  },
  {
    why: "nothing is left to roll back when the client was closed, but over WebSocket that is an error",
    on: ["ws"],
    cases: ["rolls back a transaction quietly when it is closed"],
    plain: clientClosed,
    ours: done,
  },
  {
    why: "rollback() overtakes statements that were called before it, which reject without a code",
    on: REMOTE,
    cases: ["rolls back after statements that nobody waited for"],
    plain: [[done, [answered, clientClosed]], true, true, answered],
    ours: [[done, [answered, answered]], true, true, answered],
  },
  {
    why: "the remote transactions forget the arguments beside a SQL text, which the local one takes",
    on: REMOTE,
    cases: ["is given arguments beside the SQL of a transaction's statement"],
    plain: [[inBatch("ARGS_INVALID", 0), false], false, true, answered],
    ours: [[answered, false], false, true, answered],
  },
  {
    why: "what comes after a COMMIT or ROLLBACK of one's own runs in autocommit",
    on: REMOTE,
    cases: ["COMMIT", "ROLLBACK"].map(
      (end) => `says what is wrong with a ${end} out of the blue, everywhere that it can stand`,
    ),
    plain: [[answered, inBatch("SQLITE_UNKNOWN", 1)], ...five(anything)],
    ours: [[answered, over], ...five(anything)],
  },
  {
    why: "a concurrency below 0 is taken for one without limit",
    on: ["ws", "http", ...LOCAL],
    cases: ["runs dozens of statements with a concurrency of -1"],
    plain: Array.from({ length: 40 }, () => answered),
    ours: { thrown: { error: "TursoPoolError" } },
  },
  {
    why: "there is no limit to the transactions, nor to the streams of the server that they take",
    on: REMOTE,
    cases: ["executes beside as many open transactions as its concurrency"],
    plain: [[answered, answered, answered], answered, done, answered],
    ours: [
      [answered, answered, answered],
      rejected("ACQUIRE_TIMEOUT"),
      rejected("ACQUIRE_TIMEOUT"),
      answered,
    ],
  },
  {
    why: "there is no limit to the transactions, nor to the streams of the server that they take",
    on: REMOTE,
    cases: ["executes beside 25 open transactions when nobody set its concurrency"],
    plain: [Array.from({ length: 25 }, () => answered), answered],
    ours: rejected("ACQUIRE_TIMEOUT"),
  },
];
