import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ResultBudget } from "../../src/server/result-budget.js";
import { EngineFixture, rejection, stmt } from "./fixture.js";

let engine: EngineFixture;
beforeEach(() => {
  engine = new EngineFixture();
});
afterEach(() => engine.dispose());

describe("results", () => {
  test("have names, declared types and values of every kind", async () => {
    const stream = await engine.open();
    await engine.execute(stream, "CREATE TABLE t (a INTEGER, b TEXT, c REAL, d BLOB, e)");
    const args = [2n ** 62n, "é\u0001", 0.5, Buffer.from([0, 255]), null];
    await engine.execute(stream, "INSERT INTO t VALUES (?, ?, ?, ?, ?)", args);
    const result = await engine.execute(stream, "SELECT *, a AS a, 1 + 1 FROM t");
    expect(result.cols).toEqual([
      { name: "a", decltype: "INTEGER" },
      { name: "b", decltype: "TEXT" },
      { name: "c", decltype: "REAL" },
      { name: "d", decltype: "BLOB" },
      { name: "e", decltype: null },
      { name: "a", decltype: "INTEGER" },
      { name: "1 + 1", decltype: null },
    ]);
    expect(result.rows).toEqual([
      [
        { type: "integer", value: "4611686018427387904" },
        { type: "text", value: "é\u0001" },
        { type: "float", value: 0.5 },
        { type: "blob", base64: "AP8" },
        { type: "null" },
        { type: "integer", value: "4611686018427387904" },
        { type: "integer", value: "2" },
      ],
    ]);
  });

  test.each([
    ["INSERT INTO t VALUES (10), (11)", 2, "11"],
    ["INSERT INTO t VALUES (12) RETURNING a", 1, "12"],
    ["INSERT INTO t VALUES (9007199254740993)", 1, "9007199254740993"],
    ["UPDATE t SET a = -a", 2, null],
    ["DELETE FROM t RETURNING a", 2, null],
    ["SELECT a FROM t", 0, null],
    ["CREATE TABLE u AS SELECT * FROM t", 0, null],
  ])("%s affects %i rows and has the rowid %s", async (sql, affected, rowid) => {
    const stream = await engine.open();
    await engine.execute(stream, "CREATE TABLE t (a INTEGER PRIMARY KEY)");
    await engine.execute(stream, "INSERT INTO t VALUES (1), (2)");
    const result = await engine.execute(stream, sql);
    expect(result).toMatchObject({ affected_row_count: affected, last_insert_rowid: rowid });
  });

  test("a statement that is prepared already sees a changed schema", async () => {
    const [one, two] = [await engine.open(), await engine.open()];
    await engine.execute(one, "CREATE TABLE t (a)");
    expect((await engine.execute(one, "SELECT * FROM t")).cols).toHaveLength(1);
    await engine.execute(two, "ALTER TABLE t ADD COLUMN b TEXT");
    expect((await engine.execute(one, "SELECT * FROM t")).cols).toEqual([
      { name: "a", decltype: null },
      { name: "b", decltype: "TEXT" },
    ]);
  });

  test("a statement run again binds anew, not what it had", async () => {
    const stream = await engine.open();
    await engine.execute(stream, "SELECT ?", ["first"]);
    const again = await rejection(engine.execute(stream, "SELECT ?"));
    expect(again.code).toBe("ARGS_INVALID");
  });

  test("that grow beyond the limit are refused, and leave no snapshot behind", async () => {
    const stream = await engine.open();
    const request = { type: "execute", stmt: stmt("SELECT * FROM items") } as const;
    const refused = await rejection(engine.ask(stream, request, { budget: new ResultBudget(10_000) }));
    expect(refused.code).toBe("RESPONSE_TOO_LARGE");
    const writer = await engine.open();
    await engine.execute(writer, "DELETE FROM items WHERE id > 1");
    expect(await engine.value(stream, "SELECT count(*) FROM items")).toBe("1");
    const checkpoint = await engine.execute(writer, "PRAGMA wal_checkpoint(TRUNCATE)");
    expect(checkpoint.rows[0]?.[0]).toEqual({ type: "integer", value: "0" });
  });

  test("a change that returns too much is made once", async () => {
    const stream = await engine.open();
    await engine.execute(stream, "CREATE TABLE t (a)");
    const sql = "INSERT INTO t SELECT id FROM items RETURNING a";
    const request = { type: "execute", stmt: stmt(sql) } as const;
    await rejection(engine.ask(stream, request, { budget: new ResultBudget(10_000) }));
    expect(await engine.value(stream, "SELECT count(*) FROM t")).toBe("10000");
  });
});

describe("EXPLAIN", () => {
  const unions = Array.from({ length: 30 }, () => "SELECT a FROM ex").join(" UNION ");

  test.each([
    ["a plan", "EXPLAIN QUERY PLAN SELECT * FROM ex"],
    ["a program", "EXPLAIN SELECT * FROM ex"],
    ["a change", "EXPLAIN INSERT INTO ex VALUES (1)"],
    ["hundreds of rows", `EXPLAIN ${unions}`],
  ])("of %s leaves nothing open, run twice or half read", async (_, sql) => {
    const before = await engine.open();
    await engine.execute(before, "CREATE TABLE ex (a)");
    await engine.execute(before, sql);
    await engine.execute(before, sql);
    await before.close();
    const stream = await engine.open();
    await engine.execute(stream, "DROP TABLE ex");
    await engine.execute(stream, "CREATE TABLE ex (a)");
    const request = { type: "execute", stmt: stmt(sql) } as const;
    await rejection(engine.ask(stream, request, { budget: new ResultBudget(1) }));
    await engine.execute(stream, "VACUUM");
    await engine.execute(stream, "DROP TABLE ex");
    expect(engine.metrics.handlesOpened).toBe(1);
  });

  test("is safe to run again after the schema has changed", async () => {
    const [one, two] = [await engine.open(), await engine.open()];
    const insert = "INSERT INTO items VALUES (NULL, 'a', 'b', 1.5, 2, 'c')";
    for (let round = 0; round < 50; round++) {
      await engine.execute(two, "CREATE TABLE t (a)");
      await engine.execute(two, "DROP TABLE t");
      await engine.execute(one, "BEGIN");
      await engine.execute(one, insert);
      // What it was prepared with is gone: to read it would end the process.
      expect((await engine.execute(one, `EXPLAIN ${insert}`)).rows.length).toBeGreaterThan(5);
      await engine.execute(one, "ROLLBACK");
    }
  });

  test("of a pragma, half read, leaves nothing open", async () => {
    const stream = await engine.open();
    const request = { type: "execute", stmt: stmt("EXPLAIN PRAGMA wal_checkpoint") } as const;
    await rejection(engine.ask(stream, request, { budget: new ResultBudget(1) }));
    await engine.execute(stream, "VACUUM");
  });
});

describe("errors", () => {
  test.each([
    ["SELEC 1", "SQL_PARSE_ERROR", 'SQL string could not be parsed: near "SELEC": syntax error'],
    ["SELECT nope FROM items", "SQL_INPUT_ERROR", "SQL input error: no such column: nope (at offset 7)"],
    ["SELECT * FROM nope", "SQLITE_UNKNOWN", "SQLite error: no such table: nope"],
    ["INSERT INTO items (id) VALUES (1)", "SQLITE_CONSTRAINT", /^SQLite error: NOT NULL constraint failed/],
    ["SELECT abs(-9223372036854775808)", "SQLITE_UNKNOWN", "SQLite error: integer overflow"],
    ["SELECT zeroblob(2000000000)", "SQLITE_TOOBIG", "SQLite error: string or blob too big"],
    ["-- nothing", "SQL_NO_STATEMENT", "SQL string does not contain any statement"],
    ["SELECT 1; SELECT 2", "SQL_MANY_STATEMENTS", "SQL string contains more than one statement"],
    ["ATTACH 'x.db' AS x", "SQL_PARSE_ERROR", /unsupported statement/],
  ])("%s is %s", async (sql, code, message) => {
    const stream = await engine.open();
    const error = await rejection(engine.execute(stream, sql));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
    expect(await engine.value(stream, "SELECT 1")).toBe("1");
  });

  test("keep the engine's extended code", async () => {
    const stream = await engine.open();
    const sql = "INSERT INTO items SELECT * FROM items WHERE id = 1";
    expect(await rejection(engine.execute(stream, sql))).toMatchObject({
      code: "SQLITE_CONSTRAINT",
      extendedCode: "SQLITE_CONSTRAINT_PRIMARYKEY",
    });
  });

  test("a read-only token may read and not write", async () => {
    const stream = await engine.open();
    const ask = (sql: string) =>
      engine.ask(stream, { type: "execute", stmt: stmt(sql) }, { permission: "read-only" });
    for (const sql of [
      "SELECT 1",
      "BEGIN",
      "PRAGMA table_info(items)",
      "EXPLAIN DELETE FROM items",
      "ROLLBACK",
    ])
      await ask(sql);
    for (const sql of [
      "DELETE FROM items",
      "BEGIN IMMEDIATE",
      "PRAGMA user_version = 1",
      "CREATE TABLE t (a)",
    ])
      expect((await rejection(ask(sql))).code).toBe("BLOCKED");
  });
});
