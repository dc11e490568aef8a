import { LibsqlError } from "@libsql/core/api";
import type { Milliseconds } from "../../core/duration.js";
import { TursoPoolError } from "../../core/errors.js";
import { explainStatement, httpStatus } from "../../libsql/connection-errors.js";
import { redact } from "../../libsql/redaction.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import { refusalOf } from "../../libsql/refusal.js";
import { clientClosed, PooledClientError, type Outcome } from "./client-error.js";

/** One attempt that failed: what the caller is told if it was the last, and what may be done about it. */
export interface Failure {
  readonly error: unknown;
  /** `answered`: the database had its say, and another attempt would hear the same. */
  readonly outcome: Outcome | "answered";
  /** Whether another attempt, over another connection or a little later, may go better. */
  readonly transient: boolean;
  /** The connection is of no more use. */
  readonly spoiled: boolean;
  /** The token was refused, and another may be taken. */
  readonly mayBeRenewed?: boolean;
  /** The server asked to wait this long. */
  readonly retryAfter?: Milliseconds | undefined;
}

/** sqld does not have the stream any more, or knows nothing of its baton: nothing of the request was executed. */
function isStreamGone({ code, message }: LibsqlError): boolean {
  return code === "STREAM_EXPIRED" || (code === "SERVER_ERROR" && INVALID_BATON.test(message));
}

const INVALID_BATON = /\binvalid baton\b|\bbaton that has already been used\b/i;

/** What is known of an attempt that is still without an answer. */
export function noAnswer(): Failure {
  const error = new PooledClientError("CONNECTION_CLOSED", "no answer came", { outcome: "unknown" });
  return { error, outcome: "unknown", transient: true, spoiled: true };
}

/** No connection could be had, so nothing was executed. */
export function acquireFailure(cause: unknown): Failure {
  const failed = { outcome: "not executed", spoiled: false } as const;
  if (!(cause instanceof TursoPoolError)) return { ...failed, error: cause, transient: false };
  if (cause.code === "POOL_CLOSED") {
    return { ...failed, error: clientClosed("not executed"), transient: false };
  }
  const inner = cause.code === "OPEN_FAILED" ? cause.cause : undefined;
  // A database in a file says by itself why it cannot be opened.
  if (inner instanceof LibsqlError) return { ...failed, error: inner, transient: false };
  const { code } = inner instanceof TursoPoolError ? inner : cause;
  const refusal = refusalOf(inner);
  return {
    ...failed,
    error: new PooledClientError(code, cause.message, { ...failed, hint: cause.hint, cause: inner ?? cause }),
    transient:
      PASSING.has(code) || (refusal !== undefined && (refusal.status === 429 || refusal.status >= 500)),
    mayBeRenewed: code === "AUTH_REJECTED",
    retryAfter: refusal?.retryAfter,
  };
}

/** Why a connection could not be opened that may be otherwise in a moment. */
const PASSING = new Set([
  "OPEN_FAILED",
  "UNREACHABLE",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "TOKEN_UNAVAILABLE",
]);

/**
 * A statement failed.
 * @param sent whether anything went out since the connection was had
 */
export function statementFailure(
  cause: unknown,
  sent: boolean,
  { open, bytesSent }: Pick<LibsqlConnection, "open" | "bytesSent">,
): Failure {
  const isLocal = bytesSent === undefined;
  const lost: Outcome = sent ? "unknown" : "not executed";
  if (!(cause instanceof LibsqlError)) {
    // An answer that was garbled on its way, and reads almost like one.
    if (cause instanceof SyntaxError)
      return told("HRANA_PROTO_ERROR", "the answer makes no sense", cause, lost);
    // What the caller gave or what came back could not be converted; anything else ends its connection.
    if (open && !isFetchFailure(cause)) return answered(cause);
    return told("CONNECTION_CLOSED", "the connection was lost", cause, lost);
  }
  const { code, what, hint } = explainStatement(cause);
  const refusal = refusalOf(cause);
  if (code === "CONNECTION_CLOSED") return told(code, what, cause, lost, hint);
  // What `@libsql/client` says over WebSocket when the connection was closed from here, under a statement.
  if (cause.code === "UNKNOWN" && !open)
    return told("CONNECTION_CLOSED", "the connection was lost", cause, lost);
  if (code === "AUTH_REJECTED") {
    // A token that is good, and may not do this (403), is no better when it is new.
    const mayBeRenewed = httpStatus(cause) !== 403;
    return { ...told(code, what, cause, "not executed", hint), transient: false, mayBeRenewed };
  }
  if (code === "SERVER_ERROR" && !isStreamGone(cause)) {
    // A server that ends the connection with its answer has still answered.
    const hasStatus = cause.cause instanceof Error && "status" in cause.cause;
    if (cause.code === "HRANA_PROTO_ERROR" || (!open && !hasStatus))
      return told("HRANA_PROTO_ERROR", what, cause, lost, hint);
    const isBusy =
      refusal?.status === 429 && (refusal.retryAfter !== undefined || NO_ROOM.test(cause.message));
    // What the client makes of an answer that names no code.
    const said = cause.code === "UNKNOWN" ? code : cause.code;
    const failure = told(said, what, cause, isBusy ? "not executed" : "unknown", hint);
    return { ...failure, transient: refusal !== undefined, spoiled: !open, retryAfter: refusal?.retryAfter };
  }
  if (!isStreamGone(cause)) {
    // The engine keeps a statement open that found the file busy, and the handle is of no more use.
    return { ...answered(cause), spoiled: !open || (isLocal && cause.code === "SQLITE_BUSY") };
  }
  return { ...told(cause.code, what, cause, "not executed", hint), spoiled: false };
}

/** How sqld refuses a request that it has no connection to the database for, and so cannot execute anything of. */
const NO_ROOM = /timed out while opening database connection|too many concurrent requests/i;

function answered(error: unknown): Failure {
  return { error, outcome: "answered", transient: false, spoiled: false };
}

function told(code: string, message: string, cause: unknown, outcome: Outcome, hint?: string): Failure {
  const suffix = outcome === "unknown" ? "; whether the statement was executed is not known" : "";
  return {
    error: new PooledClientError(code, redact(message) + suffix, { outcome, hint, cause }),
    outcome,
    transient: true,
    spoiled: true,
  };
}

/** What the global `fetch` says of everything that goes wrong on the way. */
function isFetchFailure(cause: unknown): boolean {
  return cause instanceof TypeError && /fetch failed|terminated/.test(cause.message);
}
