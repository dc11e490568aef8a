import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { connectionPool, keepAlivePool, settle, watch } from "../support/pool-fixture.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

async function heapUsed(): Promise<number> {
  await settle();
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/**
 * What one more round leaves on the heap at least. The engine's own work (compiled code, collections put off)
 * comes and goes, so of several rounds the one with the least growth counts; a leak is in all of them.
 */
async function growth(round: () => Promise<void>): Promise<number> {
  let least = Infinity;
  for (let rounds = 0; rounds < 4 && least > LIMIT; rounds++) {
    const before = await heapUsed();
    await round();
    least = Math.min(least, (await heapUsed()) - before);
  }
  return least;
}

/** 20 bytes a lease: less than anything that could be forgotten. */
const LIMIT = 200_000;

describe("10,000 leases leave nothing behind", () => {
  it("no connection, timer, waiter or memory, when they come one after the other", async () => {
    const { pool, database, clock } = keepAlivePool({ maxConnections: 10 });
    const round = async (): Promise<void> => {
      for (let i = 0; i < 10_000; i++) (await pool.acquire()).release();
    };
    await round();
    const timers = clock.pendingTimers;
    expect(await growth(round)).toBeLessThan(LIMIT);
    expect(clock.pendingTimers).toBe(timers);
    expect(database.attempts).toBe(1);
    expect(pool.statistics()).toMatchObject({ idleConnections: 1, waiting: 0 });
  });

  it("nor when 10,000 callers come at once, with signals", async () => {
    const { pool, database, clock } = connectionPool({ maxConnections: 10, maxLifetime: Infinity });
    const { signal } = new AbortController();
    const round = async (): Promise<void> => {
      const work = async (): Promise<void> => (await pool.acquire({ signal })).release();
      await Promise.all(Array.from({ length: 10_000 }, work));
    };
    await round();
    expect(await growth(round)).toBeLessThan(LIMIT);
    expect(database.attempts).toBe(10);
    expect(pool.statistics()).toMatchObject({ idleConnections: 10, waiting: 0 });
    await clock.advance(5_000);
    await pool.close();
    expect(clock.pendingTimers).toBe(0);
    expect(database.occupied).toBe(0);
  });

  it("nor when every one of them is given up, by its signal or at its deadline", async () => {
    const { pool, clock } = connectionPool({ maxConnections: 1, connectionTimeout: 100 });
    const lease = await pool.acquire();
    const round = async (): Promise<void> => {
      const caller = new AbortController();
      for (let i = 0; i < 5_000; i++) {
        watch(pool.acquire({ signal: caller.signal }));
        watch(pool.acquire());
      }
      caller.abort();
      await clock.advance(100);
    };
    await round();
    expect(await growth(round)).toBeLessThan(LIMIT);
    expect(pool.statistics()).toMatchObject({ waiting: 0 });
    lease.release();
    await pool.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it("nor when every one of them destroys its connection", async () => {
    const { pool, database, clock } = connectionPool({ maxConnections: 10 });
    const round = async (): Promise<void> => {
      for (let i = 0; i < 10_000; i++) (await pool.acquire()).destroy();
      database.connections.length = 0; // The fake remembers all of them; the pool must not.
    };
    await round();
    expect(await growth(round)).toBeLessThan(LIMIT);
    expect(clock.pendingTimers).toBeLessThanOrEqual(2);
    expect(pool.statistics()).toMatchObject({ activeConnections: 0 });
  });
});
