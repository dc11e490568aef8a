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

describe("10,000 leases leave nothing behind", () => {
  it("no connection, timer, waiter or memory, when they come one after the other", async () => {
    const { pool, database, clock } = keepAlivePool({ maxConnections: 10 });
    const round = async (): Promise<void> => {
      for (let i = 0; i < 10_000; i++) (await pool.acquire()).release();
    };
    await round();
    const [timers, before] = [clock.pendingTimers, await heapUsed()];
    await round();
    expect((await heapUsed()) - before).toBeLessThan(200_000);
    expect(clock.pendingTimers).toBe(timers);
    expect(database.attempts).toBe(1);
    expect(pool.statistics()).toMatchObject({ totalCheckouts: 20_000, idleConnections: 1, waiting: 0 });
  });

  it("nor when 10,000 callers come at once, with signals", async () => {
    const { pool, database, clock } = connectionPool({ maxConnections: 10, maxLifetime: Infinity });
    const { signal } = new AbortController();
    const round = async (): Promise<void> => {
      const work = async (): Promise<void> => (await pool.acquire({ signal })).release();
      await Promise.all(Array.from({ length: 10_000 }, work));
    };
    await round();
    const before = await heapUsed();
    await round();
    expect((await heapUsed()) - before).toBeLessThan(200_000);
    expect(database.attempts).toBe(10);
    expect(pool.statistics()).toMatchObject({ totalCheckouts: 20_000, idleConnections: 10, waiting: 0 });
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
    const before = await heapUsed();
    await round();
    expect((await heapUsed()) - before).toBeLessThan(200_000);
    expect(pool.statistics()).toMatchObject({ waiting: 0, totalTimeouts: 10_000 });
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
    const before = await heapUsed();
    await round();
    expect((await heapUsed()) - before).toBeLessThan(200_000);
    expect(clock.pendingTimers).toBeLessThanOrEqual(2);
    expect(pool.statistics()).toMatchObject({ totalCreated: 20_000, activeConnections: 0 });
  });
});
