import { told } from "../outcome.js";
import type { Case } from "../case.js";

const asked = (name: string, ...sqls: readonly string[]): Case => ({
  name,
  run: async (client) => {
    const outcomes = [];
    for (const sql of sqls) outcomes.push(await told(() => client.execute(sql)));
    return outcomes;
  },
});

const TABLE = "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL, price DECIMAL(10, 2), raw)";
const FILL = "INSERT INTO t (name, price) VALUES ('one', 1.5), ('two', 2.5), ('three', NULL)";

export const RESULT_CASES: readonly Case[] = [
  asked("has several rows and columns", "VALUES (1, 'one'), (2, 'two'), (3, 'three')"),
  asked("has columns and no rows", TABLE, "SELECT id, name, price, raw FROM t"),
  asked("knows the declared types of columns", TABLE, FILL, "SELECT *, id + 1 AS next, name || '' FROM t"),
  asked("names a column without a name", "SELECT 1 + 1, 'x', NULL"),
  asked("keeps the first of columns of one name", "SELECT 1 AS a, 2 AS a, 3 AS b"),
  asked(
    "has columns whose names are properties of every row",
    "SELECT 7 AS length, 8 AS '0', 9 AS constructor",
  ),
  asked("has a column named __proto__", "SELECT 1 AS __proto__, 2 AS a"),
  asked("has columns with empty and odd names", "SELECT 1 AS '', 2 AS 'a b', 3 AS 'ž'"),
  asked("counts rows that an INSERT wrote", TABLE, FILL),
  asked("counts rows that an UPDATE changed", TABLE, FILL, "UPDATE t SET price = 1 WHERE id > 1"),
  asked("counts rows that a DELETE removed", TABLE, FILL, "DELETE FROM t", "DELETE FROM t"),
  asked(
    "counts rows of WITH … INSERT",
    TABLE,
    FILL,
    "WITH x AS (SELECT name FROM t) INSERT INTO t (name) SELECT * FROM x",
  ),
  asked("counts nothing for a SELECT after an INSERT", TABLE, FILL, "SELECT count(*) FROM t"),
  asked("counts what a REPLACE wrote", TABLE, FILL, "REPLACE INTO t (id, name) VALUES (1, 'eins')"),
  asked(
    "knows the last rowid",
    TABLE,
    "INSERT INTO t (id, name) VALUES (41, 'x')",
    "INSERT INTO t (name) VALUES ('y')",
  ),
  asked(
    "knows a rowid beyond what a number holds",
    TABLE,
    "INSERT INTO t (id, name) VALUES (9007199254740993, 'x')",
  ),
  asked(
    "has the rows of INSERT … RETURNING",
    TABLE,
    "INSERT INTO t (name) VALUES ('x'), ('y') RETURNING id, name AS n",
  ),
  asked(
    "has the rows of UPDATE … RETURNING",
    TABLE,
    FILL,
    "UPDATE t SET price = id RETURNING id, price",
    "SELECT * FROM t",
  ),
  asked(
    "has the rows of DELETE … RETURNING",
    TABLE,
    FILL,
    "DELETE FROM t WHERE id < 3 RETURNING *",
    "SELECT * FROM t",
  ),
  asked(
    "has constants of RETURNING",
    TABLE,
    "INSERT INTO t (name) VALUES ('x') RETURNING 42 AS x, 'foo' AS y",
  ),
  asked("has rows of a PRAGMA", TABLE, "PRAGMA table_info(t)", "PRAGMA user_version"),
  asked("has rows of EXPLAIN QUERY PLAN", TABLE, "EXPLAIN QUERY PLAN SELECT name FROM t WHERE id = 1"),
  asked("says nothing of a statement that does nothing", "CREATE TABLE IF NOT EXISTS t (a)", "DROP TABLE t"),
  asked("reads text, blobs and NULL", "SELECT 'text', X'00ff10', NULL, '', X'', 1.0, 1e100"),
  asked("reads JSON as text", `SELECT json('{"a": [1, 2]}') AS j, json_extract('{"a": 1}', '$.a') AS a`),
  asked(
    "runs a statement with a semicolon, spaces and comments",
    " SELECT 1 ; -- and that is it",
    "/* no */ SELECT 2",
  ),
  asked(
    "runs the first of two statements, or none",
    "SELECT 1; SELECT 2",
    TABLE + "; SELECT 1",
    "SELECT * FROM t",
  ),
  asked("has an opinion on nothing at all", "", ";", "  ", "-- only a comment"),
  {
    name: "has thousands of rows",
    run: async (client) => {
      const sql =
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 5000) SELECT i, 'row ' || i AS s FROM n";
      const { rows } = await client.execute(sql);
      return [rows.length, rows[0], rows[4999], rows.reduce((sum, row) => sum + Number(row.i), 0)];
    },
  },
  {
    name: "has large values",
    run: async (client) => {
      const { rows } = await client.execute("SELECT hex(zeroblob(400000)) AS text, zeroblob(300000) AS blob");
      return [(rows[0]?.text as string).length, (rows[0]?.blob as ArrayBuffer).byteLength];
    },
  },
  {
    name: "says itself in JSON",
    run: async (client) => {
      const result = await client.execute("SELECT 42 AS i, 0.5 AS f, NULL AS n, 'foo' AS t, X'626172' AS b");
      return [
        result.toJSON() as unknown,
        JSON.stringify(result),
        JSON.stringify(result.rows),
        Object.keys(result),
      ];
    },
  },
  {
    name: "says big integers in JSON",
    config: { intMode: "bigint" },
    run: async (client) => {
      await client.execute("CREATE TABLE t (a)");
      const inserted = await client.execute("INSERT INTO t VALUES (9007199254740993)");
      const read = await client.execute("SELECT a FROM t");
      return [inserted.toJSON() as unknown, read.toJSON() as unknown];
    },
  },
  {
    name: "has rows that can be spread, iterated and looked up",
    run: async (client) => {
      const { rows } = await client.execute("SELECT 1 AS a, 'two' AS b");
      const [row] = rows;
      if (row === undefined) return "no row";
      const properties = ["0", "1", "a", "b", "length"].map((key) => {
        const { enumerable, writable, configurable } = Object.getOwnPropertyDescriptor(row, key) ?? {};
        return [key, enumerable, writable, configurable];
      });
      return [
        { ...row },
        Array.from<unknown>(row),
        row[1],
        row.b,
        row.nope,
        Object.keys(row),
        properties,
        "0" in row,
      ];
    },
  },
  {
    name: "gives every row its own, which can be changed",
    run: async (client) => {
      const { rows } = await client.execute("SELECT 1 AS a UNION SELECT 2");
      for (const row of rows) row.a = Number(row.a) * 10;
      return [rows.map((row) => row.a), rows.map((row) => row[0]), Array.isArray(rows)];
    },
  },
];
