import { describe, expect, it } from "vitest";
import { connectionPool, fill, keepAlivePool, settle, watch } from "../support/pool-fixture.js";

const minute = 60_000;

describe("an idle connection", () => {
  it("is closed when nobody used it for idleTimeout", async () => {
    const { pool, database, clock } = connectionPool({ idleTimeout: 10 * minute });
    await fill(pool, clock, 2);
    await clock.advance(10 * minute - 1);
    expect(database.open).toHaveLength(2);
    await clock.advance(1);
    expect(database.open).toHaveLength(0);
    expect(pool.statistics().evictions["idle-timeout"]).toBe(2);
  });

  it("is kept when the pool would fall below its minimum", async () => {
    const { pool, database, clock } = connectionPool({ minConnections: 2, idleTimeout: minute });
    await fill(pool, clock, 5);
    await clock.advance(3 * minute);
    expect(database.open).toHaveLength(2);
    expect(database.attempts).toBe(5);
  });

  it("counts from its last use, so the pool shrinks to what its load needs", async () => {
    const { pool, database, clock } = connectionPool({ idleTimeout: minute });
    const [, , latest] = await fill(pool, clock, 3);
    for (let i = 0; i < 4; i++) {
      await clock.advance(30_000);
      (await pool.acquire()).release();
    }
    expect(database.open).toEqual([latest]);
  });

  it("that was never used counts from when it was opened", async () => {
    const { pool, database, clock } = connectionPool({ idleTimeout: minute }, { opens: { after: 10 } });
    const caller = new AbortController();
    watch(pool.acquire({ signal: caller.signal }));
    caller.abort();
    await clock.advance(minute + 9);
    expect(database.open).toHaveLength(1);
    await clock.advance(1);
    expect(database.open).toHaveLength(0);
  });

  it("is closed in time even when it is being pinged at that moment", async () => {
    const { pool, database, clock } = keepAlivePool({ idleTimeout: 30_001, keepAliveInterval: 30_000 });
    await fill(pool, clock, 1);
    database.pings = { after: 10 };
    await clock.advance(30_011);
    expect(database.open).toHaveLength(0);
    expect(pool.statistics()).toMatchObject({ totalProactivePings: 1, totalPingFailures: 0 });
  });
});

describe("a connection older than maxLifetime", () => {
  it("is closed when it is idle", async () => {
    const { pool, database, clock } = connectionPool({ maxLifetime: minute, idleTimeout: Infinity });
    await fill(pool, clock, 1);
    await clock.advance(minute - 1);
    expect(database.open).toHaveLength(1);
    await clock.advance(1);
    expect(database.open).toHaveLength(0);
    expect(pool.statistics().evictions["max-lifetime"]).toBe(1);
  });

  it("is replaced when the pool needs it for its minimum", async () => {
    const { database, clock } = connectionPool({ minConnections: 1, maxLifetime: minute });
    await clock.advance(minute);
    expect(database.open.map((connection) => connection.id)).toEqual([1]);
  });

  it("is closed on release when it is leased, never under its holder", async () => {
    const { pool, database, clock } = connectionPool({ maxLifetime: minute });
    const lease = await pool.acquire();
    await clock.advance(2 * minute);
    expect(lease.connection.open).toBe(true);
    lease.release();
    await settle();
    expect(database.open).toHaveLength(0);
  });

  it("is never handed out, even when nobody had time to close it", async () => {
    const { pool, database, clock } = connectionPool({ maxLifetime: minute });
    await fill(pool, clock, 2);
    clock.sleep(2 * minute);
    const lease = await pool.acquire();
    expect(lease.connection.id).toBe(2);
    expect(database.open).toEqual([lease.connection]);
  });

  it("lives up to a tenth shorter by chance, so that a fleet does not reconnect at once", async () => {
    const draws = [0, 0.5, 0.999];
    const random = (): number => draws.shift() ?? 0;
    const options = { maxLifetime: 1_000, idleTimeout: Infinity };
    const { pool, database, clock } = connectionPool(options, { random });
    await fill(pool, clock, 3);
    const alive: number[] = [];
    for (const at of [900, 901, 949, 950, 999, 1_000]) {
      await clock.advance(at - clock.now());
      alive.push(database.open.length);
    }
    expect(alive).toEqual([3, 2, 2, 1, 1, 0]);
  });
});
