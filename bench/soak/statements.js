// What the callers write: rows without any constraint, so that what is written twice is there twice.

/** What every call is given, unless it says otherwise. */
export const TIMEOUT_MS = 2_000;

export const insert = (op, part) => ({
  sql: "INSERT INTO writes (op, part) VALUES (?, ?)",
  args: [op, part],
});

export const inserts = (op, rows) => Array.from({ length: rows }, (_, part) => insert(op, part));
