import { describe, expect, it } from "vitest";
import type { ManualClock } from "../../src/core/manual-clock.js";
import type { FakeConnection } from "../support/fake-connections.js";
import { fill, keepAlivePool, settle, watch } from "../support/pool-fixture.js";

const interval = 30_000;

/** When, in milliseconds from now, each connection was pinged first during `duration`. */
async function firstPings(
  clock: ManualClock,
  connections: readonly FakeConnection[],
  duration: number,
): Promise<(number | undefined)[]> {
  const start = clock.now();
  const times = new Map<FakeConnection, number>();
  while (clock.now() < start + duration) {
    await clock.advance(100);
    for (const connection of connections) {
      if (connection.pingsSent > 0 && !times.has(connection)) times.set(connection, clock.now() - start);
    }
  }
  return connections.map((connection) => times.get(connection));
}

describe("keep-alive", () => {
  it("pings an idle connection before the interval is over, again and again, on the same connection", async () => {
    const { pool, database, clock } = keepAlivePool({ idleTimeout: Infinity }, { random: () => 0.5 });
    const [connection] = await fill(pool, clock, 1);
    await clock.advance(interval * 0.9 - 1);
    expect(connection?.pingsSent).toBe(0);
    await clock.advance(1);
    expect(connection?.pingsSent).toBe(1);
    await clock.advance(9 * interval * 0.9);
    expect(connection?.pingsAnswered).toBe(10);
    expect(database.attempts).toBe(1);
    expect(pool.statistics()).toMatchObject({ totalProactivePings: 10, totalPingFailures: 0 });
  });

  it("pings each connection at its own moment, at most a fifth early and never late", async () => {
    const draws = [0, 0.5, 0.999];
    const { pool, clock } = keepAlivePool({}, { random: () => draws.shift() ?? 0 });
    const connections = await fill(pool, clock, 3);
    expect(await firstPings(clock, connections, interval)).toEqual([30_000, 27_000, 24_100]);
  });

  it("does not ping a connection that is used", async () => {
    const { pool, database, clock } = keepAlivePool();
    for (let i = 0; i < 20; i++) {
      (await pool.acquire()).release();
      await clock.advance(interval / 2);
    }
    expect(database.pingsSent).toBe(0);
  });

  it("does not ping a connection that a caller holds", async () => {
    const { pool, database, clock } = keepAlivePool();
    await pool.acquire();
    await clock.advance(5 * interval);
    expect(database.pingsSent).toBe(0);
  });

  it("does not count its pings as use: the idle timeout still applies", async () => {
    const { pool, database, clock } = keepAlivePool({ idleTimeout: 100_000 });
    await fill(pool, clock, 1);
    await clock.advance(100_000);
    expect(database.connections[0]?.pingsAnswered).toBe(3);
    expect(database.open).toHaveLength(0);
    expect(pool.statistics().evictions["idle-timeout"]).toBe(1);
  });

  it("keeps the order of last use when pings are answered in another order", async () => {
    const { pool, clock } = keepAlivePool();
    const connections = await fill(pool, clock, 3);
    for (const [i, connection] of connections.entries()) connection.pings = { after: 30 - 10 * i };
    await clock.advance(interval + 100);
    const order = [await pool.acquire(), await pool.acquire(), await pool.acquire()];
    expect(order.map((lease) => lease.connection.id)).toEqual([2, 1, 0]);
  });

  it("lets a caller who comes during a ping wait for it rather than open another connection", async () => {
    const { pool, database, clock } = keepAlivePool({}, { opens: { after: 20 } });
    const caller = pool.acquire();
    await clock.advance(20);
    (await caller).release();
    database.pings = { after: 10 };
    await clock.advance(interval);
    const during = watch(pool.acquire());
    await settle();
    expect(during.state).toBe("pending");
    await clock.advance(10);
    expect(during.value?.connection.id).toBe(0);
    expect(database.attempts).toBe(1);
  });

  it("notices a half-open connection within interval + pingTimeout, and replaces it", async () => {
    const { pool, database, clock } = keepAlivePool({ pingTimeout: 5_000 });
    await fill(pool, clock, 1);
    database.pings = { then: "deaf" };
    await clock.advance(interval + 5_000);
    expect(database.connections[0]?.open).toBe(false);
    expect(database.open.map((connection) => connection.id)).toEqual([1]);
    expect(pool.statistics()).toMatchObject({ totalProactivePings: 1, totalPingFailures: 1 });
    expect(pool.statistics().evictions["ping-failed"]).toBe(1);
  });

  it("replaces a failed connection by one, also where the pool needs it for its minimum", async () => {
    const { pool, database, clock } = keepAlivePool({ minConnections: 2 });
    await clock.advance(0);
    database.pings = { then: "fail" };
    await clock.advance(interval);
    database.pings = {};
    await clock.advance(1_000);
    expect(database).toMatchObject({ attempts: 4, peak: 2 });
    expect(pool.statistics()).toMatchObject({ idleConnections: 2, totalPingFailures: 2 });
  });

  it("replaces a failed connection only after it has closed, when there is no room", async () => {
    const { pool, database, clock } = keepAlivePool({ maxConnections: 1 });
    await fill(pool, clock, 1);
    database.pings = { then: "fail" };
    database.closes = { after: 50 };
    await clock.advance(interval + 50);
    expect(database).toMatchObject({ attempts: 2, peak: 1 });
  });

  it("survives that the database is away, and has its minimum again afterwards", async () => {
    const { pool, database, clock } = keepAlivePool({ minConnections: 2, maxConnections: 4 });
    await fill(pool, clock, 4);
    database.pings = { then: "fail" };
    database.opens = { then: "fail" };
    await clock.advance(10 * interval);
    expect(database.open).toHaveLength(0);
    database.pings = {};
    database.opens = {};
    await clock.advance(30_000);
    expect(database.open).toHaveLength(2);
    expect(database.peak).toBeLessThanOrEqual(4);
  });

  it("pings a connection that was opened for its minimum and never used", async () => {
    const { database, clock } = keepAlivePool({ minConnections: 1 });
    await clock.advance(interval);
    expect(database.connections[0]?.pingsSent).toBe(1);
  });

  it("has less patience with a ping while somebody waits for its place", async () => {
    const { pool, database, clock } = keepAlivePool({
      maxConnections: 1,
      pingTimeout: 5_000,
      healthCheckTimeout: 2_000,
    });
    await fill(pool, clock, 1);
    database.pings = { then: "deaf" };
    await clock.advance(interval + 10);
    const caller = watch(pool.acquire());
    await clock.advance(1_999);
    expect(caller.state).toBe("pending");
    await clock.advance(1);
    expect(caller.value?.connection.id).toBe(1);
    expect(pool.statistics()).toMatchObject({ totalPingFailures: 1, totalTimeouts: 0 });
  });
});
