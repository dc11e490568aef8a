import { TursoPoolError, type ErrorCode } from "../core/errors.js";

/** What the exit status of every command means. */
export const EXIT = {
  ok: 0,
  /** The database answered and said no. */
  rejected: 1,
  /** The database could not be reached. */
  unreachable: 2,
  /** Wrong usage or configuration. */
  usage: 3,
  /** A gate could not tell by the time that it had. */
  inconclusive: 75,
  /** A gate failed. */
  gateFailed: 99,
  /** A bug of ours. */
  bug: 70,
  interrupted: 130,
  terminated: 143,
} as const;

const BY_CODE: Readonly<Record<ErrorCode, number>> = {
  INVALID_OPTION: EXIT.usage,
  INVALID_URL: EXIT.usage,
  WRITE_REFUSED: EXIT.usage,
  SERVER_START_FAILED: EXIT.usage,
  AUTH_REJECTED: EXIT.rejected,
  TOKEN_UNAVAILABLE: EXIT.usage,
  SQL_ERROR: EXIT.rejected,
  SERVER_ERROR: EXIT.rejected,
  UNREACHABLE: EXIT.unreachable,
  CONNECT_TIMEOUT: EXIT.unreachable,
  TLS_FAILED: EXIT.unreachable,
  OPERATION_TIMEOUT: EXIT.unreachable,
  CONNECTION_CLOSED: EXIT.unreachable,
  ACQUIRE_TIMEOUT: EXIT.unreachable,
  OPEN_FAILED: EXIT.unreachable,
  TOO_MANY_WAITERS: EXIT.usage,
  ABORTED: EXIT.interrupted,
  POOL_CLOSED: EXIT.bug,
  LEASE_RELEASED: EXIT.bug,
};

/** The exit status for an error; anything that is not ours to explain is a bug. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof TursoPoolError)) return EXIT.bug;
  // A pool that could not open a connection is as the reason for it.
  if (error.code === "OPEN_FAILED" && error.cause instanceof TursoPoolError) return exitCodeOf(error.cause);
  return BY_CODE[error.code];
}
