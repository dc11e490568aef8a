import { describe, expect, it } from "vitest";
import { snapshotOf } from "../../src/monitor/snapshot.js";
import type { PoolSnapshot } from "../../src/monitor/result.js";
import { connectionPool, fill, keepAlivePool, settle, watch } from "../support/pool-fixture.js";
import { parseJson } from "../support/schemas.js";

/** What a reader of `/statistics.json` gets. */
const published = (snapshot: PoolSnapshot): unknown => parseJson(JSON.stringify(snapshot), "statistics");

describe("a snapshot of a pool", () => {
  it("that has done nothing is what the schema says", () => {
    published(snapshotOf(keepAlivePool().pool));
  });

  it("that has done everything is what the schema says", async () => {
    const { pool, database, clock } = keepAlivePool({
      maxConnections: 2,
      connectionTimeout: 1_000,
      keepAliveInterval: 5_000,
      leakThreshold: 500,
    });
    database.nextOpens = [{ then: "fail" }, { after: 40 }, { after: 2 ** 23 }];
    watch(pool.acquire());
    await settle();
    const first = pool.acquire();
    await clock.advance(40);
    const lease = await first;
    watch(pool.acquire());
    await clock.advance(1_000);
    lease.release();
    database.pings = { then: "fail" };
    await clock.advance(5_000);
    const held = [await pool.acquire()];
    await clock.advance(100);
    const snapshot = snapshotOf(pool, { sockets: { opened: 3, open: 1 } });
    held.pop()?.release();
    expect(published(snapshot)).toEqual(snapshot);
    expect(snapshot).toMatchObject({
      name: "turso-pool",
      lease_ages_ms: [100],
      evictions: { "ping-failed": 1 },
      statistics: { total_open_failures: 2, total_ping_failures: 1, total_leaks_suspected: 1 },
      sockets: { opened: 3, open: 1 },
    });
  });

  it("without keep-alive and without limits says null where there is none", async () => {
    const { pool, clock } = connectionPool({
      connectionTimeout: Infinity,
      healthCheckTimeout: Infinity,
      maxLifetime: Infinity,
      idleTimeout: Infinity,
    });
    await fill(pool, clock, 2);
    const snapshot = snapshotOf(pool);
    expect(published(snapshot)).toEqual(snapshot);
    expect(snapshot.config).toEqual({
      min_connections: 0,
      max_connections: 10,
      connection_timeout_ms: null,
      max_waiters: null,
      enable_pooling: true,
      enable_health_check: true,
      health_check_timeout_ms: null,
      max_lifetime_ms: null,
      idle_timeout_ms: null,
      leak_threshold_ms: null,
      enable_keepalive: false,
      enable_proactive_ping: false,
      keep_alive_interval_ms: null,
      stale_threshold_ms: null,
      ping_timeout_ms: null,
    });
    expect(snapshot.statistics).toMatchObject({ total_connections_created: 2, total_proactive_pings: 0 });
    expect(snapshot.sockets).toBeNull();
  });
});
