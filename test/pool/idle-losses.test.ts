import { describe, expect, it } from "vitest";
import { connectionPool, fill, keepAlivePool, settle } from "../support/pool-fixture.js";

describe("a connection is counted as lost while idle", () => {
  it("when the other side closes it, after as long as it had idled", async () => {
    const { pool, clock } = connectionPool();
    const [first, second] = await fill(pool, clock, 2);
    await clock.advance(4_000);
    first?.drop();
    expect(pool.statistics()).toMatchObject({ totalLostWhileIdle: 1, medianIdleBeforeLossMs: 4_000 });
    await clock.advance(1_000);
    second?.drop();
    expect(pool.statistics()).toMatchObject({ totalLostWhileIdle: 2, medianIdleBeforeLossMs: 4_096 }); // 4,000 to within 6.25 %
  });

  it("when it does not answer a ping, whose waiting is no idling", async () => {
    const { pool, database, clock } = keepAlivePool({ keepAliveInterval: 3_000, pingTimeout: 500 });
    await fill(pool, clock, 1);
    await clock.advance(3_000); // answered
    database.pings = { then: "hang" };
    await clock.advance(3_500);
    expect(pool.statistics()).toMatchObject({
      totalPingFailures: 1,
      totalLostWhileIdle: 1,
      totalSilentWhileIdle: 1,
      medianIdleBeforeLossMs: 3_000,
    });
  });

  it("when it closes while it is being pinged", async () => {
    const { pool, database, clock } = keepAlivePool({ keepAliveInterval: 3_000 });
    const [connection] = await fill(pool, clock, 1);
    database.pings = { then: "hang" };
    await clock.advance(3_200);
    connection?.drop();
    await settle();
    expect(pool.statistics()).toMatchObject({ totalLostWhileIdle: 1, medianIdleBeforeLossMs: 3_000 });
  });

  it("when it fails the health check of whom it was meant for", async () => {
    const { pool, database, clock } = connectionPool({ healthCheckAge: 2_000 });
    await fill(pool, clock, 1);
    await clock.advance(2_500);
    database.pings = { then: "fail" };
    (await pool.acquire()).release();
    expect(pool.statistics()).toMatchObject({
      totalHealthChecksFailed: 1,
      totalLostWhileIdle: 1,
      totalSilentWhileIdle: 0,
      medianIdleBeforeLossMs: 2_500,
    });
  });
});

describe("a connection is not counted as lost while idle", () => {
  it("when it is lost with its holder, or destroyed by it", async () => {
    const { pool } = connectionPool();
    const [one, other] = [await pool.acquire(), await pool.acquire()];
    one.connection.drop();
    one.release();
    other.destroy();
    expect(pool.statistics()).toMatchObject({ totalLostWhileIdle: 0, medianIdleBeforeLossMs: null });
  });

  it("when the holder's own health check fails", async () => {
    const { pool, database } = connectionPool();
    database.pings = { then: "fail" };
    expect(await pool.healthCheck()).toBe(false);
    expect(pool.statistics()).toMatchObject({ totalHealthChecksFailed: 1, totalLostWhileIdle: 0 });
  });

  it("when the pool closes it: for its age, for want of use, or at its own end", async () => {
    const { pool, clock } = connectionPool({ maxLifetime: 5_000, idleTimeout: 2_000, minConnections: 1 });
    await fill(pool, clock, 3);
    await clock.advance(9_000);
    await pool.close();
    const { evictions, totalLostWhileIdle } = pool.statistics();
    expect(evictions).toMatchObject({ "idle-timeout": 2, "max-lifetime": 1, "pool-closed": 1 });
    expect(totalLostWhileIdle).toBe(0);
  });
});
