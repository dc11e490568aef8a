import { RequestError } from "./hrana-errors.js";

/** What the engine throws for an error of SQLite's; `rawCode` is the extended result code. */
interface EngineFailure {
  readonly message: string;
  readonly code: string;
  readonly rawCode: number;
}

/** Names of SQLite's primary result codes as sqld reports them (its generic error is UNKNOWN). */
const PRIMARY_CODES: Readonly<Record<number, string>> = {
  2: "SQLITE_INTERNAL",
  3: "SQLITE_PERM",
  4: "SQLITE_ABORT",
  5: "SQLITE_BUSY",
  6: "SQLITE_LOCKED",
  7: "SQLITE_NOMEM",
  8: "SQLITE_READONLY",
  9: "SQLITE_INTERRUPT",
  10: "SQLITE_IOERR",
  11: "SQLITE_CORRUPT",
  12: "SQLITE_NOTFOUND",
  13: "SQLITE_FULL",
  14: "SQLITE_CANTOPEN",
  15: "SQLITE_PROTOCOL",
  17: "SQLITE_SCHEMA",
  18: "SQLITE_TOOBIG",
  19: "SQLITE_CONSTRAINT",
  20: "SQLITE_MISMATCH",
  21: "SQLITE_MISUSE",
  22: "SQLITE_NOLFS",
  23: "SQLITE_AUTH",
  25: "SQLITE_RANGE",
  26: "SQLITE_NOTADB",
};
const SYNTAX = /syntax error|unrecognized token|incomplete input|parser stack overflow/;
/** Messages that SQLite gives a position for, which sqld calls input errors. */
const INPUT = /^(?:no such column|ambiguous column name|no such function): (.+)$/;

/** True for a lock that somebody else holds; such a statement stays open in the engine. */
export function isBusy(error: unknown): boolean {
  const primary = failureOf(error)?.rawCode;
  return primary !== undefined && (primary & 0xff) === 5;
}

/** True when waiting can help: a stale snapshot (SQLITE_BUSY_SNAPSHOT) stays stale. */
export function isBusyForNow(error: unknown): boolean {
  return failureOf(error)?.rawCode === 5;
}

/** The error for the client. What the engine did not mean as an SQL error is returned as it is. */
export function toRequestError(error: unknown, sql: string): unknown {
  const failure = failureOf(error);
  if (!failure) return error;
  const { message, code, rawCode } = failure;
  if (rawCode === 1 && SYNTAX.test(message)) {
    return new RequestError("SQL_PARSE_ERROR", `SQL string could not be parsed: ${message}`, code);
  }
  const subject = rawCode === 1 ? INPUT.exec(message)?.[1] : undefined;
  if (subject !== undefined) {
    const offset = Math.max(0, sql.indexOf(subject));
    return new RequestError("SQL_INPUT_ERROR", `SQL input error: ${message} (at offset ${offset})`, code);
  }
  const primary = PRIMARY_CODES[rawCode & 0xff] ?? "SQLITE_UNKNOWN";
  return new RequestError(primary, `SQLite error: ${message}`, code);
}

function failureOf(error: unknown): EngineFailure | undefined {
  if (!(error instanceof Error) || !("rawCode" in error) || !("code" in error)) return undefined;
  const { rawCode, code, message } = error;
  return typeof rawCode === "number" && typeof code === "string" ? { rawCode, code, message } : undefined;
}
