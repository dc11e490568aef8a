import Database from "libsql";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { EngineFixture, getOn, rejection, stmt } from "./fixture.js";

let engine: EngineFixture;
beforeEach(() => {
  engine = new EngineFixture();
});
afterEach(() => engine.dispose());

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

  test.each(["COMMIT", "END TRANSACTION"])(
    "after a stale snapshot, %s ends a transaction that has written nothing",
    async (commit) => {
      const [one, two] = [await engine.open(), await engine.open()];
      await engine.execute(one, "BEGIN");
      await engine.execute(one, "SELECT count(*) FROM items");
      await engine.execute(two, "DELETE FROM items WHERE id = 1");
      const stale = engine.execute(one, "DELETE FROM items WHERE id = 2");
      expect((await rejection(stale)).code).toBe("SQLITE_BUSY");
      expect(one.isAutocommit).toBe(false);
      // It holds up no other writer meanwhile.
      await engine.execute(two, "DELETE FROM items WHERE id = 3");
      await engine.execute(one, commit);
      expect(one.isAutocommit).toBe(true);
      expect(await engine.value(one, "SELECT count(*) FROM items")).toBe("9998");
      expect((await engine.execute(one, "DELETE FROM items WHERE id = 2")).affected_row_count).toBe(1);
    },
  );

  test("after a stale snapshot, COMMIT does not drop without a word what went into a TEMP table", async () => {
    const stream = await engine.open();
    await engine.execute(stream, "CREATE TEMP TABLE mine (a)");
    await engine.execute(stream, "BEGIN");
    await engine.execute(stream, "INSERT INTO mine SELECT count(*) FROM items");
    const outside = new Database(engine.file);
    outside.exec("DELETE FROM items WHERE id = 1");
    outside.close();
    const stale = engine.execute(stream, "DELETE FROM items WHERE id = 2");
    expect((await rejection(stale)).code).toBe("SQLITE_BUSY");
    expect((await rejection(engine.execute(stream, "COMMIT"))).message).toMatch(/in progress/);
    await engine.execute(stream, "ROLLBACK");
    expect(await engine.value(stream, "SELECT count(*) FROM items")).toBe("9999");
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
