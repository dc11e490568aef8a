import Database from "libsql";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { settle } from "../../src/core/manual-clock.js";
import { ResultBudget } from "../../src/server/result-budget.js";
import { EngineFixture, rejection, stmt } from "./fixture.js";

let engine: EngineFixture;
beforeEach(() => {
  engine = new EngineFixture();
});
afterEach(() => engine.dispose());

/** Lets work that waits for nothing but promises get on. */
async function getOn(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await settle();
}

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

describe("writers", () => {
  test("wait for one another without stopping readers", async () => {
    const [one, two] = [await engine.open(), await engine.open()];
    await engine.execute(one, "BEGIN IMMEDIATE");
    await engine.execute(one, "DELETE FROM items WHERE id = 1");
    const waiting = engine.execute(two, "DELETE FROM items WHERE id = 2");
    await getOn();
    const reader = await engine.open();
    expect(await engine.value(reader, "SELECT count(*) FROM items")).toBe("10000");
    await engine.execute(one, "COMMIT");
    expect((await waiting).affected_row_count).toBe(1);
  });

  test("hear that the database is busy after five seconds", async () => {
    const [one, two] = [await engine.open(), await engine.open()];
    await engine.execute(one, "BEGIN IMMEDIATE");
    const waiting = rejection(engine.execute(two, "BEGIN IMMEDIATE"));
    await engine.clock.advance(4_000);
    await engine.execute(one, "SELECT 1");
    await engine.clock.advance(1_000);
    expect(await waiting).toMatchObject({ code: "SQLITE_BUSY", message: "SQLite error: database is locked" });
    await engine.execute(one, "COMMIT");
  });

  test("an idle transaction is rolled back for a waiting writer, and hears it once", async () => {
    const [one, two] = [await engine.open(), await engine.open()];
    await engine.execute(one, "BEGIN IMMEDIATE");
    await engine.execute(one, "DELETE FROM items");
    const waiting = engine.execute(two, "DELETE FROM items WHERE id = 2");
    await engine.clock.advance(5_000);
    expect((await waiting).affected_row_count).toBe(1);
    expect((await rejection(engine.execute(one, "SELECT 1"))).code).toBe("TRANSACTION_TIMEOUT");
    expect(await engine.value(one, "SELECT count(*) FROM items")).toBe("9999");
    expect(engine.metrics.transactionsTimedOut).toBe(1);
  });

  test("every step of a batch hears that the transaction is gone", async () => {
    const [one, two] = [await engine.open(), await engine.open()];
    await engine.execute(one, "BEGIN IMMEDIATE");
    const waiting = engine.execute(two, "DELETE FROM items WHERE id = 2");
    await engine.clock.advance(5_000);
    await waiting;
    const steps = ["SELECT 1", "COMMIT"].map((sql) => ({ condition: undefined, stmt: stmt(sql) }));
    expect(await engine.ask(one, { type: "batch", batch: { steps } })).toMatchObject({
      result: {
        step_results: [null, null],
        step_errors: [{ code: "TRANSACTION_TIMEOUT" }, { code: "TRANSACTION_TIMEOUT" }],
      },
    });
  });

  test("a stale snapshot is an error at once, and the stream goes on after its rollback", async () => {
    const [one, two] = [await engine.open(), await engine.open()];
    await engine.execute(one, "BEGIN");
    await engine.execute(one, "SELECT count(*) FROM items");
    await engine.execute(two, "DELETE FROM items WHERE id = 1");
    expect(await rejection(engine.execute(one, "DELETE FROM items WHERE id = 2"))).toMatchObject({
      code: "SQLITE_BUSY",
      extendedCode: "SQLITE_BUSY_SNAPSHOT",
    });
    await engine.execute(one, "ROLLBACK");
    expect(await engine.value(one, "SELECT count(*) FROM items")).toBe("9999");
    expect((await engine.execute(one, "DELETE FROM items WHERE id = 2")).affected_row_count).toBe(1);
  });

  test("another process's lock is waited for as well", async () => {
    const outside = new Database(engine.file);
    outside.exec("BEGIN IMMEDIATE");
    const stream = await engine.open();
    const waiting = engine.execute(stream, "DELETE FROM items WHERE id = 1");
    await engine.clock.advance(100);
    outside.exec("COMMIT");
    outside.close();
    await engine.clock.advance(100);
    expect((await waiting).affected_row_count).toBe(1);
  });

  test("another process's lock is not waited for without end", async () => {
    const outside = new Database(engine.file);
    outside.exec("BEGIN IMMEDIATE");
    const stream = await engine.open();
    const waiting = rejection(engine.execute(stream, "DELETE FROM items"));
    await engine.clock.advance(5_100);
    expect((await waiting).code).toBe("SQLITE_BUSY");
    outside.exec("COMMIT");
    outside.close();
    expect(await engine.value(stream, "SELECT count(*) FROM items")).toBe("10000");
  });
});

describe("a stream that closes", () => {
  test("rolls its transaction back and frees the lock", async () => {
    const [one, two] = [await engine.open(), await engine.open()];
    await engine.execute(one, "BEGIN IMMEDIATE");
    await engine.execute(one, "DELETE FROM items");
    const waiting = engine.execute(two, "DELETE FROM items WHERE id = 2");
    await one.close();
    expect((await waiting).affected_row_count).toBe(1);
    expect(engine.metrics.streamsOpen).toBe(1);
  });

  test("ends the wait of its own writer", async () => {
    const [one, two] = [await engine.open(), await engine.open()];
    await engine.execute(one, "BEGIN IMMEDIATE");
    const waiting = rejection(engine.execute(two, "DELETE FROM items"));
    await getOn();
    await two.close();
    expect((await waiting).code).toBe("SQLITE_BUSY");
    await one.close();
    expect(engine.clock.pendingTimers).toBe(0);
  });

  test("refuses jobs that it has not begun", async () => {
    const stream = await engine.open();
    let finish = (): void => undefined;
    const first = stream.run(() => new Promise<void>((resolve) => (finish = resolve)));
    const second = rejection(stream.run(() => Promise.resolve()));
    const closed = stream.close();
    finish();
    await first;
    expect((await second).code).toBe("STREAM_CLOSED");
    await closed;
    await stream.close();
    expect(engine.metrics.streamsOpen).toBe(0);
  });
});

describe("engine handles", () => {
  test("go from one stream to the next", async () => {
    for (let round = 0; round < 20; round++) {
      const stream = await engine.open();
      await engine.execute(stream, "SELECT 1");
      await stream.close();
    }
    expect(engine.metrics).toMatchObject({ streamsOpened: 20, handlesOpened: 1, handlesOpen: 1 });
  });

  test.each([
    ["CREATE TEMP TABLE secret (a)", "SELECT count(*) FROM sqlite_temp_schema", "0"],
    ["ATTACH ':memory:' AS other", "SELECT count(*) FROM pragma_database_list WHERE name = 'other'", "0"],
    ["PRAGMA case_sensitive_like = ON", "SELECT 'A' LIKE 'a'", "1"],
    [
      "INSERT INTO items SELECT 77777, name, category, price, stock, created_at FROM items LIMIT 1",
      "SELECT last_insert_rowid()",
      "0",
    ],
    ["DELETE FROM items", "SELECT changes() + total_changes()", "0"],
    ["BEGIN IMMEDIATE", "SELECT count(*) FROM items", "10000"],
  ])("after %s, the next stream cannot tell", async (sql, question, expected) => {
    const before = await engine.open();
    await engine.execute(before, sql);
    await before.close();
    expect(await engine.value(await engine.open(), question)).toBe(expected);
  });

  test("within a stream, what a statement leaves stays", async () => {
    await (await engine.open()).close();
    const stream = await engine.open();
    await engine.execute(stream, "CREATE TEMP TABLE mine (a)");
    await engine.execute(stream, "INSERT INTO mine VALUES (1), (2)");
    expect(await engine.value(stream, "SELECT changes()")).toBe("2");
    expect(await engine.value(stream, "SELECT last_insert_rowid()")).toBe("2");
  });

  test("are no more than the limit; a stream waits a second for one", async () => {
    engine.dispose();
    engine = new EngineFixture({ maxInUse: 2 });
    const [one] = [await engine.open(), await engine.open()];
    const third = engine.open();
    await getOn();
    await one.close();
    expect(await engine.value(await third, "SELECT 1")).toBe("1");
    const fourth = rejection(engine.open());
    await engine.clock.advance(1_000);
    expect((await fourth).code).toBe("TOO_MANY_STREAMS");
    expect(engine.metrics.streamsOpened).toBe(3);
    expect(engine.clock.pendingTimers).toBe(0);
  });
});
