import { LibsqlBatchError, LibsqlError, type ResultSet, type Row } from "@libsql/client";

/** Something that can be compared, shown and written down, whatever it was before. */
export type Outcome = null | boolean | number | string | Outcome[] | { [key: string]: Outcome };

/** An outcome among the results of a case, which is not to be encoded once more. */
export class Told {
  constructor(readonly outcome: Outcome) {}
}

/** {@link outcomeOf}, for a case that goes on afterwards. */
export async function told(call: () => unknown): Promise<Told> {
  return new Told(await outcomeOf(call));
}

/** What a call came to: its result, what it rejected with, or what it threw before there was a promise. */
export async function outcomeOf(call: () => unknown): Promise<Outcome> {
  let pending: unknown;
  try {
    pending = call();
  } catch (error) {
    return { thrown: encode(error) };
  }
  try {
    return encode(await pending);
  } catch (error) {
    return { rejected: encode(error) };
  }
}

/** Everything that a caller can see of a value. */
export function encode(value: unknown): Outcome {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number")
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : { number: shown(value) };
  if (typeof value !== "object")
    return { [typeof value]: (value as bigint | symbol | undefined)?.toString() ?? "undefined" };
  if (value instanceof Told) return value.outcome;
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Error) return encodeError(value);
  if (value instanceof ArrayBuffer) return { blob: Buffer.from(value).toString("hex") };
  if (ArrayBuffer.isView(value)) return { view: value.constructor.name };
  if (isResultSet(value)) return encodeResultSet(value);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, encode(item)]));
}

const shown = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** Codes that say it all: the plain clients have different words for them, by transport and method. */
const ENDED = new Set(["CLIENT_CLOSED", "TRANSACTION_CLOSED", "TRANSACTION_ACTIVE"]);

function encodeError(error: Error): Outcome {
  if (!(error instanceof LibsqlError)) return { error: error.constructor.name, message: error.message };
  const { code, extendedCode = null, rawCode = null, name, message } = error;
  const kind = error instanceof LibsqlBatchError ? "LibsqlBatchError" : "LibsqlError";
  const index = error instanceof LibsqlBatchError ? { statementIndex: error.statementIndex } : {};
  const words = ENDED.has(code) ? {} : { message };
  return { error: kind, name, code, extendedCode, rawCode, ...index, ...words };
}

function isResultSet(value: object): value is ResultSet {
  return "rows" in value && "columns" in value && "rowsAffected" in value;
}

function encodeResultSet(result: ResultSet): Outcome {
  return {
    columns: encode(result.columns),
    columnTypes: encode(result.columnTypes),
    rows: result.rows.map(encodeRow),
    rowsAffected: encode(result.rowsAffected),
    lastInsertRowid: encode(result.lastInsertRowid),
    keys: Object.keys(result),
    json: JSON.stringify(result),
  };
}

/** A row is an array and a record in one; which of its properties can be listed is part of it. */
function encodeRow(row: Row): Outcome {
  return {
    length: encode(row.length),
    values: Array.from(row).map(encode),
    named: Object.entries(row).map(([name, value]) => [name, encode(value)]),
    hidden: Object.getOwnPropertyNames(row).filter((name) => !Object.keys(row).includes(name)),
    inherits: Object.getPrototypeOf(row) === Object.prototype,
  };
}
