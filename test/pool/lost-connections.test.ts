import { describe, expect, it } from "vitest";
import type { FakeConnection } from "../support/fake-connections.js";
import { connectionPool, fill, keepAlivePool, settle, watch } from "../support/pool-fixture.js";

describe("a connection whose socket closes", () => {
  it("while it is idle leaves the pool at that moment, and is never handed out", async () => {
    const { pool, database, clock } = connectionPool();
    const [first, latest] = await fill(pool, clock, 2);
    latest?.drop();
    expect(pool.statistics()).toMatchObject({ idleConnections: 1 });
    const lease = await pool.acquire();
    expect(lease.connection).toBe(first);
    expect(database.attempts).toBe(2);
    expect(pool.statistics().evictions["connection-closed"]).toBe(1);
  });

  it("while it is leased stays with its holder, and leaves the pool on release", async () => {
    const { pool, database } = connectionPool({ maxConnections: 1 });
    const lease = await pool.acquire();
    lease.connection.drop();
    expect(pool.statistics()).toMatchObject({ activeConnections: 1 });
    lease.release();
    const next = await pool.acquire();
    expect(next.connection.id).toBe(1);
    expect(database.peak).toBe(1);
    expect(pool.statistics().evictions["connection-closed"]).toBe(1);
  });

  it("and that knows it before it is told is not handed out, neither on release nor from the shelf", async () => {
    const { pool, clock } = connectionPool({ maxConnections: 2 });
    const know = (connection: FakeConnection | undefined): void => {
      if (connection) Object.defineProperty(connection, "open", { value: false });
    };
    const [shelved] = await fill(pool, clock, 1);
    know(shelved);
    const second = await pool.acquire();
    expect(second.connection.id).toBe(1);
    know(second.connection);
    second.release();
    expect((await pool.acquire()).connection.id).toBe(2);
    expect(pool.statistics().evictions["connection-closed"]).toBe(2);
  });

  it("while it is leased is counted as that, also when the holder destroys it", async () => {
    const { pool } = connectionPool();
    const lease = await pool.acquire();
    lease.connection.drop();
    lease.destroy();
    expect(pool.statistics().evictions).toMatchObject({ "connection-closed": 1, "destroyed-by-holder": 0 });
  });

  it("while it is probed at checkout is replaced at once, without waiting for the ping", async () => {
    const { pool, database, clock } = connectionPool({ healthCheckAge: 1_000, maxConnections: 1 });
    const [connection] = await fill(pool, clock, 1);
    await clock.advance(1_000);
    database.pings = { then: "deaf" };
    const caller = watch(pool.acquire());
    await settle();
    connection?.drop();
    await settle();
    expect(caller.value?.connection.id).toBe(1);
    expect(pool.statistics()).toMatchObject({ totalHealthChecksFailed: 1 });
    expect(pool.statistics().evictions).toMatchObject({ "connection-closed": 1, "health-check-failed": 0 });
  });

  it("while it is pinged in the background counts as one ping failure", async () => {
    const { pool, database, clock } = keepAlivePool({ keepAliveInterval: 1_000 });
    const [connection] = await fill(pool, clock, 1);
    database.pings = { then: "deaf" };
    await clock.advance(1_000);
    connection?.drop();
    await clock.advance(10_000);
    expect(database.open).toHaveLength(0);
    expect(pool.statistics()).toMatchObject({ totalProactivePings: 1, totalPingFailures: 1 });
    expect(pool.statistics().evictions).toMatchObject({ "connection-closed": 1, "ping-failed": 0 });
  });

  it("because a ping to another showed it makes no trouble", async () => {
    const { pool, database, clock } = keepAlivePool({ keepAliveInterval: 1_000 });
    const [first, second] = await fill(pool, clock, 2);
    if (!first || !second) throw new Error("two were opened");
    first.ping = () => {
      second.drop();
      return Promise.resolve();
    };
    await clock.advance(1_000);
    expect(database.open).toEqual([first]);
    expect(pool.statistics()).toMatchObject({ totalProactivePings: 1, totalPingFailures: 0 });
  });

  it("is told of by a pool of many connections without a warning about listeners", async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): void => void warnings.push(warning);
    process.on("warning", note);
    const { pool, clock } = connectionPool({ maxConnections: 100 }, { opens: { after: 10 } });
    const { signal } = new AbortController();
    for (let i = 0; i < 200; i++) watch(pool.acquire({ signal }));
    await clock.advance(10);
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });
});
