import { describe, expect, it } from "vitest";
import { connectionPool, fill, keepAlivePool, settle, watch } from "../support/pool-fixture.js";

describe("enablePooling: false", () => {
  it("gives every lease a new connection and closes it on release", async () => {
    const { pool, database } = connectionPool({ enablePooling: false });
    const ids: number[] = [];
    for (let i = 0; i < 3; i++) {
      const lease = await pool.acquire();
      ids.push(lease.connection.id);
      lease.release();
    }
    await settle();
    expect(ids).toEqual([0, 1, 2]);
    expect(database.open).toHaveLength(0);
    expect(pool.statistics()).toMatchObject({ totalCreated: 3, totalCheckouts: 3, totalReuses: 0 });
    expect(pool.statistics().evictions["pooling-disabled"]).toBe(3);
  });

  it("still keeps to maxConnections", async () => {
    const { pool, database, clock } = connectionPool({ enablePooling: false, maxConnections: 2 });
    database.closes = { after: 10 };
    const ids: number[] = [];
    for (let i = 0; i < 6; i++) {
      void pool.use((connection) => {
        ids.push(connection.id);
      });
    }
    await clock.advance(100);
    expect(ids).toEqual([0, 1, 2, 3, 4, 5]);
    expect(database.peak).toBe(2);
  });

  it("keeps nothing for later when the caller went away meanwhile", async () => {
    const { pool, database, clock } = connectionPool({ enablePooling: false }, { opens: { after: 10 } });
    const caller = new AbortController();
    watch(pool.acquire({ signal: caller.signal }));
    caller.abort();
    await clock.advance(10);
    expect(database.open).toHaveLength(0);
    expect(pool.statistics()).toMatchObject({ totalCreated: 1, idleConnections: 0 });
  });

  it("works under a keep-alive pool, which then has nothing to keep alive", async () => {
    const { pool, database, clock } = keepAlivePool({ enablePooling: false });
    (await pool.acquire()).release();
    await clock.advance(120_000);
    expect(database.pingsSent).toBe(0);
    expect(database.open).toHaveLength(0);
  });
});

describe("enableKeepalive: false", () => {
  it("pings nothing and knows no staleness", async () => {
    const { pool, database, clock } = keepAlivePool({ enableKeepalive: false, enableHealthCheck: false });
    await fill(pool, clock, 1);
    await clock.advance(500_000);
    await pool.acquire();
    expect(database.pingsSent).toBe(0);
    expect(pool.statistics()).toMatchObject({
      totalProactivePings: 0,
      totalStaleDetected: 0,
      totalConnectionsRefreshed: 0,
    });
  });

  it("leaves the checks of the pool below as they are", async () => {
    const { pool, database, clock } = keepAlivePool({ enableKeepalive: false });
    await fill(pool, clock, 1);
    await clock.advance(30_000);
    await pool.acquire();
    expect(database.pingsSent).toBe(1);
    expect(pool.statistics()).toMatchObject({ totalHealthChecksPassed: 1, totalStaleDetected: 0 });
  });
});

describe("enableProactivePing: false", () => {
  it("pings nothing in the background", async () => {
    const { pool, database, clock } = keepAlivePool({ enableProactivePing: false });
    await fill(pool, clock, 2);
    await clock.advance(500_000);
    expect(database.pingsSent).toBe(0);
    expect(database.open).toHaveLength(2);
  });
});

describe("a limit of Infinity", () => {
  it("is never reached", async () => {
    const never = { idleTimeout: Infinity, maxLifetime: Infinity, healthCheckAge: Infinity };
    const { pool, database, clock } = connectionPool({
      ...never,
      connectionTimeout: Infinity,
      maxConnections: 1,
    });
    await fill(pool, clock, 1);
    await clock.advance(1e12);
    const lease = await pool.acquire();
    expect(lease.connection.id).toBe(0);
    const waiter = watch(pool.acquire());
    await clock.advance(1e12);
    expect(waiter.state).toBe("pending");
    lease.release();
    await settle();
    expect(waiter.state).toBe("resolved");
    expect(database.pingsSent).toBe(0);
  });
});
