import { describe, expect, it } from "vitest";
import { connectionPool, fill, watch } from "../support/pool-fixture.js";

/** A pool of which `idle` connections were opened in 20 ms each, and not used for 30 s. */
async function aged(idle: number, options: Parameters<typeof connectionPool>[0] = {}) {
  const setup = connectionPool(options, { opens: { after: 20 } });
  const callers = Array.from({ length: idle }, () => setup.pool.acquire());
  await setup.clock.advance(20);
  for (const lease of await Promise.all(callers)) lease.release();
  await setup.clock.advance(30_000);
  return setup;
}

describe("validation at checkout", () => {
  it("does not ping a connection that was used a moment ago", async () => {
    const { pool, database, clock } = connectionPool({ healthCheckAge: 1_000 });
    await fill(pool, clock, 1);
    await clock.advance(999);
    await pool.acquire();
    expect(database.pingsSent).toBe(0);
  });

  it("pings a connection that was not heard of for healthCheckAge, before the caller gets it", async () => {
    const { pool, database, clock } = await aged(1);
    database.pings = { after: 5 };
    const caller = watch(pool.acquire());
    await clock.advance(4);
    expect(caller.state).toBe("pending");
    await clock.advance(1);
    expect(caller.value?.connection.id).toBe(0);
    expect(database.pingsSent).toBe(1);
    expect(pool.statistics()).toMatchObject({ totalHealthChecksPassed: 1, totalHealthChecksFailed: 0 });
  });

  it("replaces a connection that fails before the caller sees it", async () => {
    const { pool, database, clock } = await aged(1);
    database.pings = { after: 5, then: "fail" };
    const caller = watch(pool.acquire());
    await clock.advance(25);
    expect(caller.value?.connection.id).toBe(1);
    expect(database.open).toHaveLength(1);
    expect(pool.statistics()).toMatchObject({ totalHealthChecksFailed: 1 });
    expect(pool.statistics().evictions["health-check-failed"]).toBe(1);
  });

  it("opens the replacement without waiting for the failed one to close, when there is room", async () => {
    const { pool, database, clock } = await aged(1);
    database.pings = { then: "fail" };
    database.closes = { after: 1_000 };
    const caller = watch(pool.acquire());
    await clock.advance(20);
    expect(caller.state).toBe("resolved");
  });

  it("keeps the caller's deadline while it replaces", async () => {
    const { pool, database, clock } = await aged(1, { maxConnections: 1, connectionTimeout: 100 });
    database.pings = { then: "hang" };
    const caller = watch(pool.acquire());
    await clock.advance(100);
    expect(caller.error?.code).toBe("ACQUIRE_TIMEOUT");
  });

  it("pings once for one caller, whatever else is idle", async () => {
    const { pool, database } = await aged(3);
    await pool.acquire();
    expect(database.pingsSent).toBe(1);
  });

  it("is off when enableHealthCheck is false", async () => {
    const { pool, database } = await aged(1, { enableHealthCheck: false });
    const lease = await pool.acquire();
    expect(lease.connection.id).toBe(0);
    expect(database.pingsSent).toBe(0);
  });

  it("gives a connection that answers to whoever waits first, if its caller has gone", async () => {
    const { pool, database, clock } = await aged(1, { maxConnections: 1 });
    database.pings = { after: 5 };
    const gone = new AbortController();
    watch(pool.acquire({ signal: gone.signal }));
    const next = watch(pool.acquire());
    gone.abort();
    await clock.advance(5);
    expect(next.value?.connection.id).toBe(0);
  });

  it("takes a connection that throws when it is pinged for one that failed", async () => {
    const { pool, database, clock } = await aged(1);
    const [connection] = database.connections;
    if (connection) {
      connection.ping = () => {
        throw new Error("not even a promise");
      };
    }
    const caller = watch(pool.acquire());
    await clock.advance(20);
    expect(caller.value?.connection.id).toBe(1);
  });
});

describe("a probe that is slower than an opening", () => {
  it("does not stall the caller: a second connection is opened", async () => {
    const { pool, database, clock } = await aged(1);
    database.pings = { then: "hang" };
    const caller = watch(pool.acquire());
    await clock.advance(39);
    expect(caller.state).toBe("pending");
    await clock.advance(1);
    expect(caller.value?.connection.id).toBe(1);
  });

  it("is closed when it gets no answer within healthCheckTimeout", async () => {
    const { pool, database, clock } = await aged(1, { healthCheckTimeout: 500 });
    database.pings = { then: "deaf" };
    await Promise.all([pool.acquire(), clock.advance(500)]);
    expect(database.open.map((connection) => connection.id)).toEqual([1]);
  });

  it("still gives its connection to the caller if it answers first", async () => {
    const { pool, database, clock } = await aged(1);
    database.pings = { after: 30 };
    const caller = watch(pool.acquire());
    await clock.advance(30);
    expect(caller.value?.connection.id).toBe(0);
    await clock.advance(10);
    expect(pool.statistics()).toMatchObject({ activeConnections: 1, idleConnections: 1 });
  });

  it("causes no second connection when it is quick", async () => {
    const { pool, database, clock } = await aged(1);
    database.pings = { after: 19 };
    const caller = watch(pool.acquire());
    await clock.advance(60);
    expect(caller.state).toBe("resolved");
    expect(database.attempts).toBe(1);
  });

  it("causes no second connection when nobody waits any more", async () => {
    const { pool, database, clock } = await aged(1);
    database.pings = { after: 30 };
    const caller = new AbortController();
    watch(pool.acquire({ signal: caller.signal }));
    caller.abort();
    await clock.advance(60);
    expect(database.attempts).toBe(1);
  });

  it("has the next idle connection checked when there is no room for another", async () => {
    const { pool, database, clock } = await aged(2, { maxConnections: 2 });
    const [, latest] = database.connections;
    if (latest) latest.pings = { then: "hang" };
    const caller = watch(pool.acquire());
    await clock.advance(20);
    expect(caller.value?.connection.id).toBe(0);
  });

  it("lets nobody overtake the caller", async () => {
    const { pool, database, clock } = await aged(2, { maxConnections: 2 });
    const [, latest] = database.connections;
    if (latest) latest.pings = { after: 15 };
    const order: string[] = [];
    void pool.acquire().then(() => order.push("a"));
    void pool.acquire().then(() => order.push("b"));
    await clock.advance(15);
    expect(order).toEqual(["a", "b"]);
  });
});
