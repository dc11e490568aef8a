import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SqlStream } from "../../src/server/sql-stream.js";
import { EngineFixture, getOn, rejection } from "./fixture.js";

let engine: EngineFixture;
beforeEach(() => {
  engine = new EngineFixture();
});
afterEach(() => engine.dispose());

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

  describe("tell the rowid of a stream's own inserts", () => {
    const rowidOf = async (stream: SqlStream, sql: string) =>
      (await engine.execute(stream, sql)).last_insert_rowid;

    beforeEach(async () => {
      const before = await engine.open();
      await engine.execute(before, "CREATE TABLE t (a INTEGER PRIMARY KEY, b)");
      await engine.execute(before, "CREATE TABLE u (a INTEGER PRIMARY KEY)");
      await engine.execute(before, "CREATE TABLE w (a PRIMARY KEY) WITHOUT ROWID");
      await engine.execute(before, "INSERT INTO w VALUES (0)");
      await engine.execute(before, "INSERT INTO t (b) VALUES (1), (2), (3), (4)");
      await before.close();
    });
    afterEach(() => expect(engine.metrics.handlesOpened).toBe(1));

    test.each([
      ["INSERT INTO w VALUES (1)", "0"],
      ["INSERT INTO w VALUES (1) RETURNING a", "0"],
      ["INSERT OR IGNORE INTO t VALUES (4, 5)", "0"],
      ["INSERT INTO t SELECT * FROM t WHERE false", "0"],
      ["INSERT INTO t VALUES (4, 5) ON CONFLICT DO NOTHING", "0"],
      ["INSERT INTO t VALUES (4, 5) ON CONFLICT (a) DO UPDATE SET b = 6", "0"],
      ["INSERT INTO t (b) VALUES (5)", "5"],
      ["INSERT INTO u VALUES (4)", "4"],
      ["INSERT INTO u VALUES (4) RETURNING a", "4"],
      ["INSERT INTO u VALUES (9007199254740993)", "9007199254740993"],
      ["REPLACE INTO t VALUES (4, 5)", "4"],
    ])("%s: %s", async (sql, rowid) => {
      expect(await rowidOf(await engine.open(), sql)).toBe(rowid);
    });

    test("from its first one on", async () => {
      const stream = await engine.open();
      expect(await rowidOf(stream, "INSERT INTO w VALUES (1)")).toBe("0");
      expect(await rowidOf(stream, "INSERT INTO w VALUES (2)")).toBe("0");
      expect(await rowidOf(stream, "INSERT INTO u VALUES (4)")).toBe("4");
      expect(await rowidOf(stream, "INSERT INTO w VALUES (3)")).toBe("4");
      await engine.execute(stream, "DROP TABLE u");
    });
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
