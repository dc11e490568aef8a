import { describe, expect, it } from "vitest";
import { noEvictions } from "../../src/pool/entry.js";
import { connectionPool, keepAlivePool, settle, watch } from "../support/pool-fixture.js";

describe("statistics", () => {
  it("begin at nothing, with null where there is nothing to average", () => {
    const nothing = { count: 0, sumMs: 0, maxMs: null, p50Ms: null, p95Ms: null, p99Ms: null, buckets: [] };
    expect(connectionPool().pool.statistics()).toEqual({
      uptimeMs: 0,
      totalCreated: 0,
      totalOpenFailures: 0,
      totalOpenTimeouts: 0,
      totalCheckouts: 0,
      totalReuses: 0,
      totalHealthChecksPassed: 0,
      totalHealthChecksFailed: 0,
      totalTimeouts: 0,
      totalRefused: 0,
      totalLostWhileIdle: 0,
      totalSilentWhileIdle: 0,
      medianIdleBeforeLossMs: null,
      totalLeaksSuspected: 0,
      evictions: noEvictions(),
      activeConnections: 0,
      idleConnections: 0,
      pendingConnections: 0,
      waiting: 0,
      peakWaiting: 0,
      leaseAgesMs: [],
      avgWaitTimeMs: 0,
      longestWaitMs: 0,
      avgOpenTimeMs: null,
      avgTimeSavedPerReuseMs: null,
      waitTime: nothing,
      useTime: nothing,
      createTime: nothing,
    });
  });

  it("count what happened, exactly", async () => {
    const { pool, database, clock } = connectionPool({ maxConnections: 1, connectionTimeout: 1_000 });
    database.nextOpens = [{ after: 100 }];
    const first = pool.acquire();
    await clock.advance(100);
    const lease = await first; // waited 100
    const second = watch(pool.acquire());
    await clock.advance(30);
    lease.release();
    await settle(); // second waited 30: a reuse
    second.value?.release();
    const third = await pool.acquire(); // waited 0: a reuse
    const late = watch(pool.acquire());
    await clock.advance(1_000);
    expect(late.state).toBe("rejected");
    third.destroy();
    await settle();
    const { waitTime, useTime, createTime, ...figures } = pool.statistics();
    expect(waitTime).toMatchObject({ count: 3, sumMs: 130, maxMs: 100 });
    expect(useTime).toMatchObject({ count: 3, sumMs: 1_030, maxMs: 1_000 });
    expect(createTime).toMatchObject({ count: 1, sumMs: 100, maxMs: 100 });
    expect(figures).toEqual({
      uptimeMs: 1_130,
      totalCreated: 1,
      totalOpenFailures: 0,
      totalOpenTimeouts: 0,
      totalCheckouts: 3,
      totalReuses: 2,
      totalHealthChecksPassed: 0,
      totalHealthChecksFailed: 0,
      totalTimeouts: 1,
      totalRefused: 0,
      totalLostWhileIdle: 0,
      totalSilentWhileIdle: 0,
      medianIdleBeforeLossMs: null,
      totalLeaksSuspected: 0,
      evictions: { ...noEvictions(), "destroyed-by-holder": 1 },
      activeConnections: 0,
      idleConnections: 0,
      pendingConnections: 0,
      waiting: 0,
      peakWaiting: 1,
      leaseAgesMs: [],
      avgWaitTimeMs: 130 / 3,
      longestWaitMs: 1_000,
      avgOpenTimeMs: 100,
      avgTimeSavedPerReuseMs: 100 - 30 / 2,
    });
  });

  it("show who holds, waits, opens and closes at the moment", async () => {
    const { pool, database, clock } = connectionPool({ maxConnections: 3 });
    const [a, b] = [await pool.acquire(), await pool.acquire()];
    database.closes = { after: 10 };
    a.destroy();
    database.opens = { then: "hang" };
    watch(pool.acquire());
    watch(pool.acquire());
    const now = { activeConnections: 1, idleConnections: 0, pendingConnections: 2, waiting: 2 };
    expect(pool.statistics()).toMatchObject(now);
    b.release();
    await clock.advance(10);
    expect(pool.statistics()).toMatchObject({ activeConnections: 1, pendingConnections: 1, waiting: 1 });
  });

  it("do not count a reuse as waiting for an opening", async () => {
    const { pool, clock } = connectionPool({}, { opens: { after: 40 } });
    const first = pool.acquire();
    await clock.advance(40);
    (await first).release();
    (await pool.acquire()).release();
    expect(pool.statistics().avgTimeSavedPerReuseMs).toBe(40);
  });

  it("are frozen, and do not change afterwards", async () => {
    const { pool } = connectionPool();
    const before = pool.statistics();
    (await pool.acquire()).destroy();
    expect(before).toMatchObject({ totalCreated: 0, evictions: noEvictions() });
    expect(Object.isFrozen(before)).toBe(true);
    expect(Object.isFrozen(before.evictions)).toBe(true);
  });

  it("of a keep-alive pool include those of the pool below, and are frozen", async () => {
    const { pool } = keepAlivePool();
    (await pool.acquire()).release();
    const statistics = pool.statistics();
    expect(statistics).toEqual({
      ...pool.pool.statistics(),
      totalConnectionsCreated: 1,
      totalConnectionsRefreshed: 0,
      totalStaleDetected: 0,
      totalProactivePings: 0,
      totalPingFailures: 0,
      totalPingsOnAnotherTransport: 0,
    });
    expect(Object.isFrozen(statistics)).toBe(true);
  });

  it("do not count openings as failed that the pool's own closing stopped", async () => {
    const { pool, database } = connectionPool({ minConnections: 2 }, { opens: { then: "hang" } });
    await pool.close();
    expect(database.stoppedOpens).toBe(2);
    expect(pool.statistics()).toMatchObject({ totalCreated: 0, totalOpenFailures: 0 });
  });
});
