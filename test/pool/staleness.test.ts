import { describe, expect, it } from "vitest";
import { fill, keepAlivePool, settle, watch } from "../support/pool-fixture.js";

const threshold = 60_000;
const silent = { enableProactivePing: false };

describe("a stale connection", () => {
  it("is revalidated before a caller gets it, and counted, when nothing is pinged", async () => {
    const { pool, database, clock } = keepAlivePool(silent);
    await fill(pool, clock, 1);
    await clock.advance(threshold);
    const lease = await pool.acquire();
    expect(lease.connection.id).toBe(0);
    expect(database.connections[0]?.pingsAnswered).toBe(1);
    expect(pool.statistics()).toMatchObject({
      totalStaleDetected: 1,
      totalConnectionsRefreshed: 1,
      totalProactivePings: 0,
      totalConnectionsCreated: 1,
    });
  });

  it("is replaced before a caller gets it, and counted, when it does not answer", async () => {
    const { pool, database, clock } = keepAlivePool(silent);
    await fill(pool, clock, 1);
    await clock.advance(threshold);
    database.pings = { then: "fail" };
    const lease = await pool.acquire();
    expect(lease.connection.id).toBe(1);
    await settle();
    expect(pool.statistics()).toMatchObject({
      totalStaleDetected: 1,
      totalConnectionsRefreshed: 1,
      totalConnectionsCreated: 2,
    });
  });

  it("is not what a connection is that was idle a moment less", async () => {
    const { pool, database, clock } = keepAlivePool(silent);
    await fill(pool, clock, 1);
    await clock.advance(threshold - 1);
    await pool.acquire();
    expect(database.pingsSent).toBe(0);
    expect(pool.statistics()).toMatchObject({ totalStaleDetected: 0, totalConnectionsRefreshed: 0 });
  });

  it("is found at checkout after the process slept through its pings", async () => {
    const { pool, clock } = keepAlivePool();
    await fill(pool, clock, 1);
    clock.sleep(10 * threshold - 1);
    const lease = watch(pool.acquire());
    await settle();
    expect(lease.value?.connection.id).toBe(0);
    expect(pool.statistics()).toMatchObject({
      totalStaleDetected: 1,
      totalConnectionsRefreshed: 1,
      totalProactivePings: 0,
    });
  });

  it("is found by the background task after the process slept", async () => {
    const { pool, clock } = keepAlivePool({ idleTimeout: Infinity });
    await fill(pool, clock, 2);
    clock.sleep(10 * threshold);
    await clock.advance(0);
    expect(pool.statistics()).toMatchObject({
      totalStaleDetected: 2,
      totalConnectionsRefreshed: 2,
      totalProactivePings: 2,
    });
  });

  it("is never met while pings are answered", async () => {
    const { pool, clock } = keepAlivePool({ idleTimeout: Infinity }, { random: () => 0.5 });
    await fill(pool, clock, 3);
    for (let i = 0; i < 20; i++) {
      await clock.advance(threshold * 0.9);
      (await pool.acquire()).release();
    }
    expect(pool.statistics()).toMatchObject({ totalStaleDetected: 0, totalConnectionsRefreshed: 0 });
  });

  it("is left idle while another is known to work, and nobody overtakes who came first", async () => {
    const draws = [0.999, 0];
    const options = { maxConnections: 2, staleThreshold: 35_000 };
    const { pool, database, clock } = keepAlivePool(options, { random: () => draws.shift() ?? 0 });
    const [older, latest] = await fill(pool, clock, 2);
    await clock.advance(25_000); // The older one was pinged, the other was not yet.
    clock.sleep(11_000);
    database.pings = { after: 50 };
    const [first, second] = [watch(pool.acquire()), watch(pool.acquire())];
    await settle();
    expect(first.value?.connection).toBe(older);
    expect(second.state).toBe("pending");
    await clock.advance(50);
    expect(second.value?.connection).toBe(latest);
  });
});
