import { describe, expect, it } from "vitest";
import { connectionPool, fill, keepAlivePool, rejection, settle, watch } from "../support/pool-fixture.js";

describe("close()", () => {
  it("closes idle connections and leaves no timer", async () => {
    const { pool, database, clock } = keepAlivePool({ minConnections: 2 });
    await fill(pool, clock, 4);
    await pool.close();
    expect(database.open).toHaveLength(0);
    expect(clock.pendingTimers).toBe(0);
    expect(pool.statistics().evictions["pool-closed"]).toBe(4);
    expect(pool.statistics()).toMatchObject({
      idleConnections: 0,
      activeConnections: 0,
      pendingConnections: 0,
    });
  });

  it("rejects who waits, and who comes later", async () => {
    const { pool } = connectionPool({ maxConnections: 1 });
    const lease = await pool.acquire();
    const waiting = watch(pool.acquire());
    const closed = pool.close();
    await settle();
    expect(waiting.error).toMatchObject({ code: "POOL_CLOSED", message: "the pool is closed" });
    expect(await rejection(pool.acquire())).toMatchObject({ code: "POOL_CLOSED" });
    lease.release();
    await closed;
  });

  it("waits for leases to come back", async () => {
    const { pool, database, clock } = connectionPool();
    const lease = await pool.acquire();
    const closed = watch(pool.close({ timeout: 1_000 }));
    await clock.advance(999);
    expect(closed.state).toBe("pending");
    expect(lease.connection.open).toBe(true);
    lease.release();
    await settle();
    expect(closed.state).toBe("resolved");
    expect(database.open).toHaveLength(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("closes leased connections when its timeout is over; a late release is harmless", async () => {
    const { pool, database, clock } = connectionPool();
    const lease = await pool.acquire();
    const closed = watch(pool.close({ timeout: 1_000 }));
    await clock.advance(1_000);
    expect(closed.state).toBe("resolved");
    expect(database.open).toHaveLength(0);
    expect(pool.statistics()).toMatchObject({ activeConnections: 0 });
    lease.release();
    await settle();
    expect(pool.statistics()).toMatchObject({
      activeConnections: 0,
      idleConnections: 0,
      pendingConnections: 0,
    });
    expect(database.connections[0]?.closeCalls).toBe(1);
    expect(() => lease.release()).toThrow(expect.objectContaining({ code: "LEASE_RELEASED" }));
  });

  it("waits for connectionTimeout unless told otherwise", async () => {
    const { pool, clock } = connectionPool({ connectionTimeout: 300 });
    await pool.acquire();
    const closed = watch(pool.close());
    await clock.advance(299);
    expect(closed.state).toBe("pending");
    await clock.advance(1);
    expect(closed.state).toBe("resolved");
  });

  it("is done only when the connections have closed, even with a timeout of 0", async () => {
    const { pool, database, clock } = connectionPool();
    database.closes = { after: 50 };
    await pool.acquire();
    const closed = watch(pool.close({ timeout: 0 }));
    await clock.advance(49);
    expect(closed.state).toBe("pending");
    await clock.advance(1);
    expect(closed.state).toBe("resolved");
    expect(database).toMatchObject({ occupied: 0 });
  });

  it("is idempotent", async () => {
    const { pool, database } = connectionPool();
    (await pool.acquire()).release();
    await Promise.all([pool.close(), pool.close(), pool[Symbol.asyncDispose]()]);
    await pool.close();
    expect(database.connections[0]?.closeCalls).toBe(1);
  });

  it("refuses a timeout that is none", async () => {
    const { pool } = connectionPool();
    const error = await rejection(pool.close({ timeout: NaN }));
    expect(error.message).toBe("timeout: NaN is not a number of milliseconds from 0");
  });

  it("tells openings to stop", async () => {
    const { pool, database, clock } = connectionPool({ minConnections: 2 }, { opens: { then: "hang" } });
    const caller = watch(pool.acquire());
    await pool.close();
    expect(caller.error?.code).toBe("POOL_CLOSED");
    expect(database).toMatchObject({ stoppedOpens: 2, occupied: 0 });
    expect(clock.pendingTimers).toBe(0);
  });

  it("closes a connection that was opened in spite of it, and sets no timer for it", async () => {
    const { pool, clock, database } = connectionPool();
    const connect = database.connect;
    const stubborn = keepAlivePool({
      clock,
      minConnections: 1,
      open: async () => {
        await new Promise<void>((resolve) => clock.schedule(100, resolve));
        return connect(new AbortController().signal);
      },
    });
    const closed = watch(stubborn.pool.close());
    await clock.advance(100);
    expect(closed.state).toBe("resolved");
    expect(database.connections).toHaveLength(1);
    expect(database.open).toHaveLength(0);
    expect(clock.pendingTimers).toBe(0);
    await pool.close();
  });

  it("does not wait for ever for what does not stop", async () => {
    const options = { minConnections: 1, connectionTimeout: 100 };
    const { pool, clock } = connectionPool(options, { opens: { then: "deaf" } });
    const closed = watch(pool.close({ timeout: 50 }));
    await clock.advance(150);
    expect(closed.state).toBe("resolved");
  });

  it("ends a probe that gets no answer, without counting it as failed", async () => {
    const { pool, database, clock } = keepAlivePool();
    await fill(pool, clock, 2);
    await clock.advance(30_000);
    database.pings = { then: "deaf" };
    await clock.advance(30_000);
    expect(pool.statistics()).toMatchObject({ totalProactivePings: 4, pendingConnections: 2 });
    await pool.close();
    expect(clock.pendingTimers).toBe(0);
    expect(pool.statistics()).toMatchObject({ totalPingFailures: 0, pendingConnections: 0 });
  });

  it("ends a check at checkout that gets no answer, without counting it as failed", async () => {
    const { pool, database, clock } = connectionPool({ healthCheckAge: 1_000 });
    await fill(pool, clock, 1);
    await clock.advance(1_000);
    database.pings = { then: "deaf" };
    watch(pool.acquire());
    await pool.close();
    expect(clock.pendingTimers).toBe(0);
    expect(pool.statistics()).toMatchObject({ totalHealthChecksFailed: 0 });
  });

  it("of the pool below ends the keep-alive task too", async () => {
    const { pool, clock } = keepAlivePool();
    await fill(pool, clock, 1);
    await pool.pool.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it("happens at the end of an `await using` block", async () => {
    const { pool, database, clock } = keepAlivePool({ minConnections: 1 });
    {
      await using closing = pool;
      await closing.use(() => undefined);
    }
    expect(database.open).toHaveLength(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it("ends retries of the minimum", async () => {
    const { pool, database, clock } = connectionPool({ minConnections: 1 }, { opens: { then: "fail" } });
    await settle();
    await pool.close();
    await clock.advance(100_000);
    expect(database.attempts).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
