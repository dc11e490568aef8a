import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ManualClock, settle } from "../../src/core/manual-clock.js";
import { resolveServerConfig } from "../../src/server/config.js";
import { StatementWork } from "../../src/server/statement-work.js";
import { EngineFixture, getOn } from "./fixture.js";

/** Statements that came at these times, and when each was done. */
async function doneAt(parallel: number | undefined, ...arrivals: readonly number[]): Promise<number[]> {
  const clock = new ManualClock();
  const work = new StatementWork({ statementTime: 5, parallel }, clock);
  const done = arrivals.map(() => NaN);
  for (let now = 0; now <= 40; now++) {
    for (const [at, arrival] of arrivals.entries()) {
      if (arrival === now) void work.take().then(() => (done[at] = clock.now()));
    }
    await getOn();
    await clock.advance(1);
  }
  await getOn();
  expect(clock.pendingTimers).toBe(0);
  return done;
}

describe("emulated work", () => {
  test("takes its time, for any number of statements at one time", async () => {
    expect(await doneAt(undefined, 0, 0, 3, 30)).toEqual([5, 5, 8, 35]);
  });

  test("is done so many statements at one time, the others wait first come first served", async () => {
    expect(await doneAt(2, 0, 0, 0, 1, 2, 20)).toEqual([5, 5, 10, 10, 15, 25]);
  });

  test("loses nothing of what can be done when the process was late", async () => {
    const clock = new ManualClock();
    const work = new StatementWork({ statementTime: 5, parallel: 1 }, clock);
    const done: number[] = [];
    for (let statement = 0; statement < 3; statement++) void work.take().then(() => done.push(clock.now()));
    await getOn();
    clock.sleep(8);
    for (let ms = 0; ms < 10; ms++) {
      await clock.advance(1);
      await getOn();
    }
    expect(done.map((at) => Math.floor(at))).toEqual([8, 10, 15]);
  });

  test("lets everybody go when it is closed", async () => {
    const clock = new ManualClock();
    const work = new StatementWork({ statementTime: 5, parallel: 1 }, clock);
    const statements = [work.take(), work.take()];
    work.close();
    await Promise.all([...statements, work.take()]);
    await settle();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe("statements with work", () => {
  let engine: EngineFixture;
  beforeEach(() => (engine = new EngineFixture()));
  afterEach(() => engine.dispose());

  test("a transaction that works for longer than one may idle is not taken for idle", async () => {
    const { clock } = engine;
    const [one, other] = [await engine.open(), await engine.open()];
    const work = new StatementWork({ statementTime: 7_000, parallel: 1 }, clock);
    await engine.execute(one, "BEGIN IMMEDIATE");
    Object.assign(engine.context, { work });
    const created = engine.execute(one, "CREATE TABLE t (a)");
    const waiting = engine.execute(other, "CREATE TABLE u (a)").catch(String);
    await getOn();
    for (let second = 0; second < 7; second++) await clock.advance(1_000);
    await getOn();
    expect((await created).cols).toEqual([]);
    expect([await waiting, one.isAutocommit]).toEqual([
      "RequestError: SQLite error: database is locked",
      false,
    ]);
  });

  test("who waits for the write lock keeps no place from its holder", async () => {
    const { clock } = engine;
    const [one, other] = [await engine.open(), await engine.open()];
    await engine.execute(one, "BEGIN IMMEDIATE");
    Object.assign(engine.context, { work: new StatementWork({ statementTime: 5, parallel: 1 }, clock) });
    const waiting = engine.execute(other, "CREATE TABLE u (a)");
    const commit = engine.execute(one, "COMMIT");
    for (let ms = 0; ms < 12; ms++) {
      await clock.advance(1);
      await getOn();
    }
    await Promise.all([commit, waiting]);
    expect(one.isAutocommit).toBe(true);
  });
});

describe("the options", () => {
  test("are off by default", () => {
    expect(resolveServerConfig().work).toBeUndefined();
    expect(resolveServerConfig({ statementTimeMs: 0.5 }).work).toEqual({ statementTime: 0.5 });
  });

  test.each([
    [{ statementTimeMs: 0 }, "statementTimeMs: 0 is not a number above 0"],
    [{ statementTimeMs: Number.NaN }, "statementTimeMs: NaN is not"],
    [{ statementTimeMs: 5, parallelStatements: 0 }, "parallelStatements: 0 is not a whole number from 1"],
    [{ parallelStatements: 4 }, "parallelStatements: 4 is not of use without statementTimeMs"],
  ])("%j is refused", (options, message) => {
    expect(() => resolveServerConfig(options)).toThrow(message);
  });
});
