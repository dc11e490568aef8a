/**
 * Every code that an error of this package can carry. Codes are stable: programs may switch on them.
 * What a code means for the exit status of a command is decided in `src/cli/exit-codes.ts`.
 */
export type ErrorCode =
  | "INVALID_OPTION"
  | "INVALID_URL"
  | "WRITE_REFUSED"
  | "UNREACHABLE"
  | "CONNECT_TIMEOUT"
  | "TLS_FAILED"
  | "OPERATION_TIMEOUT"
  | "AUTH_REJECTED"
  | "TOKEN_UNAVAILABLE"
  | "SQL_ERROR"
  | "SERVER_ERROR"
  | "CONNECTION_CLOSED"
  | "ACQUIRE_TIMEOUT"
  | "ABORTED"
  | "OPEN_FAILED"
  | "TOO_MANY_WAITERS"
  | "POOL_CLOSED"
  | "LEASE_RELEASED"
  | "SERVER_START_FAILED";

export interface ErrorDetails {
  /** What the reader should do about it, as one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** An error for people: `message` says what happened and where, `hint` what to do; `cause` is kept. */
export class TursoPoolError extends Error {
  override readonly name = "TursoPoolError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
  }
}

/** An option that was refused: names the option, the value and what is allowed. */
export function invalidOption(option: string, value: unknown, allowed: string): TursoPoolError {
  return new TursoPoolError("INVALID_OPTION", `${option}: ${show(value)} is not ${allowed}`);
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
