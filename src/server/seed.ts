import Database from "libsql";

/** How many rows the seeded table has. */
export const SEEDED_ROWS = 10_000;

const SEED = `
  CREATE TABLE items (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    category TEXT NOT NULL,
    price REAL NOT NULL,
    stock INTEGER NOT NULL,
    created_at TEXT NOT NULL
  );
  WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${SEEDED_ROWS})
  INSERT INTO items
  SELECT
    n,
    printf('item %05d', n),
    'category ' || (n * 7919 % 50),
    (n * 104729 % 100000) / 100.0,
    n * 31 % 500,
    strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + n * 60, 'unixepoch')
  FROM numbers;
  CREATE INDEX items_by_category ON items (category);
  CREATE INDEX items_by_created_at ON items (created_at);
`;

/**
 * Makes a database ready to be served: write-ahead log, and a table \`items\` of ${SEEDED_ROWS} rows when it
 * has no table yet. The rows are the same each time. A database that has tables is left as it is.
 */
export function prepareDatabase(file: string): void {
  const db = new Database(file);
  try {
    db.exec("PRAGMA journal_mode = WAL");
    db.exec("BEGIN IMMEDIATE");
    const tables = db.prepare("SELECT count(*) FROM sqlite_schema").raw().get([]) as readonly number[];
    if (tables[0] === 0) db.exec(SEED);
    db.exec("COMMIT");
  } finally {
    db.close();
  }
}
