import { LibsqlError } from "@libsql/core/api";

/** Whether what failed was executed all the same: surely not, or nobody can know from here. */
export type Outcome = "not executed" | "unknown";

/**
 * An error of the way to the database, not of the database: the same codes over every transport.
 *
 * `UNREACHABLE`, `CONNECT_TIMEOUT`, `TLS_FAILED`, `OPEN_FAILED`, `AUTH_REJECTED`, `TOKEN_UNAVAILABLE`, `ACQUIRE_TIMEOUT`,
 * `TOO_MANY_WAITERS`, `CONNECTION_CLOSED`, `OPERATION_TIMEOUT`, `ABORTED`, `SERVER_ERROR`, `HRANA_PROTO_ERROR`, `CLIENT_CLOSED`,
 * `TRANSACTION_CLOSED`; and the code that a server gives when it refuses a request, such as `STREAM_EXPIRED`.
 */
export class PooledClientError extends LibsqlError {
  override readonly name = "LibsqlError";
  /** Whether the statements of the call may have been executed. */
  readonly outcome: Outcome;
  /** What to do about it; `undefined` where there is nothing to say, as of the caller's own signal. */
  readonly hint: string | undefined;

  constructor(
    code: string,
    message: string,
    details: { readonly outcome: Outcome; readonly hint?: string | undefined; readonly cause?: unknown },
  ) {
    super(message, code, undefined, undefined, details.cause as Error | undefined);
    this.outcome = details.outcome;
    this.hint = details.hint;
  }

  /** The same error of a call of which nothing was executed. @internal */
  notExecuted(): PooledClientError {
    const { hint, cause } = this;
    return new PooledClientError(this.code, withoutCode(this), { outcome: "not executed", hint, cause });
  }
}

/** A message without the code that `LibsqlError` puts before it. */
export function withoutCode(error: Error): string {
  return error.message.replace(/^[A-Z_]+: /, "");
}

export function clientClosed(outcome: Outcome): PooledClientError {
  return new PooledClientError("CLIENT_CLOSED", "The client is closed", {
    outcome,
    hint: "Close the client after its last use, or call reconnect().",
  });
}

/** What ends an attempt when another has succeeded; nobody is told. */
export function superseded(): PooledClientError {
  return new PooledClientError("ABORTED", "another attempt has succeeded", { outcome: "unknown" });
}

export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}
