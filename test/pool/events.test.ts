import { describe, expect, it } from "vitest";
import { EventHub, type PoolEventName } from "../../src/pool/events.js";
import type { FakeConnection } from "../support/fake-connections.js";
import { connectionPool, fill, keepAlivePool, rejection, settle, watch } from "../support/pool-fixture.js";

const NAMES: readonly PoolEventName[] = [
  "opened",
  "openFailed",
  "acquired",
  "released",
  "acquireTimedOut",
  "closed",
  "pinged",
  "refreshed",
  "leakSuspected",
];

type Pool = ReturnType<typeof keepAlivePool>["pool"] | ReturnType<typeof connectionPool>["pool"];

/** Writes down what a pool tells from now on, with the id of the connection in place of itself. */
function listenTo(pool: Pool): [PoolEventName, object][] {
  const told: [PoolEventName, object][] = [];
  for (const name of NAMES) {
    pool.on(name, (event: object) => {
      const { connection, ...fields } = event as { readonly connection?: FakeConnection };
      told.push([name, connection ? { connection: connection.id, ...fields } : fields]);
    });
  }
  return told;
}

describe("a pool tells", () => {
  it("of a connection from its opening to its closing, each thing once and in order", async () => {
    const { pool, clock } = connectionPool({}, { opens: { after: 40 } });
    const told = listenTo(pool);
    const acquired = pool.acquire();
    await clock.advance(50);
    const first = await acquired;
    await clock.advance(10);
    first.release();
    await clock.advance(5);
    const second = await pool.acquire();
    await clock.advance(20);
    second.destroy();
    await settle();
    expect(told).toEqual([
      ["opened", { connection: 0, tookMs: 40 }],
      ["acquired", { connection: 0, waitedMs: 40 }],
      ["released", { connection: 0, usedMs: 20 }],
      ["acquired", { connection: 0, waitedMs: 0 }],
      ["released", { connection: 0, usedMs: 20 }],
      ["closed", { connection: 0, reason: "destroyed-by-holder", livedMs: 45 }],
    ]);
  });

  it("of a connection that could not be opened, and of a caller who waited too long", async () => {
    const error = new Error("refused");
    const { pool, database, clock } = connectionPool({ maxConnections: 1, connectionTimeout: 1_000 });
    const told = listenTo(pool);
    database.nextOpens = [{ after: 30, then: "fail", error }];
    watch(pool.acquire());
    await clock.advance(30);
    const lease = await pool.acquire();
    watch(pool.acquire());
    await clock.advance(2_000);
    lease.release();
    await settle();
    expect(told).toEqual([
      ["openFailed", { error, tookMs: 30 }],
      ["opened", { connection: 0, tookMs: 0 }],
      ["acquired", { connection: 0, waitedMs: 0 }],
      ["acquireTimedOut", { waitedMs: 1_000 }],
      ["released", { connection: 0, usedMs: 2_000 }],
    ]);
  });

  it("of pings: answered, over another transport, and failed", async () => {
    const { pool, database, clock } = keepAlivePool({ keepAliveInterval: 1_000, pingTimeout: 100 });
    const [connection] = await fill(pool, clock, 1);
    const told = listenTo(pool);
    database.pings = { after: 7 };
    await clock.advance(1_007);
    if (connection) Object.defineProperty(connection, "socket", { get: () => ({}) });
    await clock.advance(1_007);
    database.pings = { then: "hang" };
    await clock.advance(1_100);
    const ping = { connection: 0, answered: true, tookMs: 7, idleMs: 1_000, sameTransport: true };
    expect(told.slice(0, 4)).toEqual([
      ["pinged", ping],
      ["pinged", { ...ping, sameTransport: false }],
      ["pinged", { ...ping, answered: false, tookMs: 100, sameTransport: false }],
      ["closed", { connection: 0, reason: "ping-failed", livedMs: 3_114 }],
    ]);
  });

  it("of stale connections that were refreshed: revalidated, or replaced", async () => {
    const { pool, database, clock } = keepAlivePool({ enableProactivePing: false, staleThreshold: 1_000 });
    await fill(pool, clock, 1);
    const told = listenTo(pool);
    await clock.advance(1_000);
    (await pool.acquire()).release();
    await clock.advance(1_000);
    database.pings = { then: "fail" };
    (await pool.acquire()).release();
    await settle();
    const refreshed = told.filter(([name]) => name === "refreshed" || name === "closed");
    expect(refreshed).toEqual([
      ["refreshed", { connection: 0, answered: true }],
      ["refreshed", { connection: 0, answered: false }],
      ["closed", { connection: 0, reason: "health-check-failed", livedMs: 2_000 }],
    ]);
  });

  it("of a lease that may have been forgotten", async () => {
    const { pool, clock } = connectionPool({ leakThreshold: 500 });
    await pool.acquire();
    const told = listenTo(pool);
    await clock.advance(1_000);
    expect(told).toEqual([["leakSuspected", { connection: 0, heldMs: 500 }]]);
  });

  it("of connections that it closes at its own end, and nothing afterwards", async () => {
    const { pool, clock } = keepAlivePool();
    await fill(pool, clock, 2);
    const told = listenTo(pool);
    await clock.advance(3);
    await pool.close();
    await clock.advance(100_000);
    expect(told).toEqual([
      ["closed", { connection: 0, reason: "pool-closed", livedMs: 3 }],
      ["closed", { connection: 1, reason: "pool-closed", livedMs: 3 }],
    ]);
  });
});

describe("a listener", () => {
  it("is told in a later microtask, so that the pool is done when it looks", async () => {
    const { pool } = connectionPool();
    const lease = await pool.acquire();
    await settle();
    const order: string[] = [];
    pool.on("released", () => order.push(`told: ${pool.statistics().idleConnections} idle`));
    lease.release();
    order.push("released");
    await settle();
    expect(order).toEqual(["released", "told: 1 idle"]);
  });

  it("is called once, however often it was added, and not after it was taken off", async () => {
    const { pool } = connectionPool();
    let calls = 0;
    const listener = (): void => {
      calls++;
    };
    pool.on("acquired", listener).on("acquired", listener);
    (await pool.acquire()).release();
    await settle();
    expect(calls).toBe(1);
    pool.off("acquired", listener).off("acquired", listener);
    (await pool.acquire()).release();
    await settle();
    expect(calls).toBe(1);
  });

  it("hears as well as those beside it, after one of them was taken off", async () => {
    const { pool } = connectionPool();
    const calls: string[] = [];
    const first = (): void => void calls.push("first");
    pool.on("acquired", first).on("acquired", () => calls.push("second"));
    await pool.acquire();
    await settle();
    pool.off("acquired", first);
    await pool.acquire();
    await settle();
    expect(calls).toEqual(["first", "second", "second"]);
  });

  it("that throws disturbs neither the pool nor other listeners: it is an uncaught exception", async () => {
    const { pool } = connectionPool();
    const others = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    const uncaught: unknown[] = [];
    process.on("uncaughtException", (error) => uncaught.push(error));
    try {
      const calls: string[] = [];
      const error = new Error("from the listener");
      pool.on("released", () => {
        throw error;
      });
      pool.on("released", () => calls.push("other"));
      (await pool.acquire()).release();
      expect((await pool.acquire()).connection.id).toBe(0);
      await settle();
      expect([calls, uncaught]).toEqual([["other"], [error]]);
    } finally {
      process.removeAllListeners("uncaughtException");
      for (const other of others) process.on("uncaughtException", other);
    }
  });

  it("for an event that there is not is refused", async () => {
    for (const { pool } of [connectionPool(), keepAlivePool()]) {
      const error = await rejection((async () => pool.on("toString" as PoolEventName, () => undefined))());
      expect(error).toMatchObject({
        code: "INVALID_OPTION",
        message: `event: "toString" is not one of ${NAMES.join(", ")}`,
      });
    }
  });
});

it("nothing is made to be told while nobody listens", () => {
  const hub = new EventHub();
  const hooks = (): unknown[] => Object.values(hub.hooks).filter((hook) => hook !== undefined);
  expect(hooks()).toEqual([]);
  const listener = (): void => undefined;
  hub.on("acquired", listener);
  expect(hooks()).toHaveLength(1);
  hub.off("acquired", listener);
  expect(hooks()).toEqual([]);
});

it("a listener that was taken off is not called any more, not even of what happened before", async () => {
  const { pool } = connectionPool();
  const told: string[] = [];
  const listener = (): void => void told.push("acquired");
  pool.on("acquired", listener);
  const acquired = pool.acquire();
  pool.on("opened", () => pool.off("acquired", listener));
  (await acquired).release();
  await settle();
  expect(told).toEqual([]);
});

it("what is no function is refused as a listener", () => {
  const { pool } = connectionPool();
  expect(() => pool.on("acquired", undefined as never)).toThrow("listener: undefined is not a function");
});
