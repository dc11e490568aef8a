import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openMetricsOf, toPrometheus } from "../../src/monitor/openmetrics.js";
import { snapshotOf } from "../../src/monitor/snapshot.js";
import type { PoolSnapshot } from "../../src/monitor/result.js";
import { Metrics } from "../support/metrics.js";
import { connectionPool, keepAlivePool, watch } from "../support/pool-fixture.js";

const statisticsOf = (snapshot: PoolSnapshot) => Object.entries(snapshot.statistics);

describe("the metrics of a pool", () => {
  it("say what it did", async () => {
    const { pool, database, clock } = keepAlivePool({ maxConnections: 1, connectionTimeout: 1_000 });
    database.nextOpens = [{ after: 100 }];
    const first = pool.acquire();
    await clock.advance(100);
    (await first).release();
    database.pings = { then: "fail" };
    await clock.advance(30_000);
    const lease = await pool.acquire();
    watch(pool.acquire());
    await clock.advance(3_000);
    watch(pool.acquire());

    const metrics = new Metrics(toPrometheus(pool, { sockets: { opened: 2, open: 1 } }));
    const said = (name: string, labels?: Record<string, string>) =>
      metrics.value(`turso_pool_${name}`, labels);
    expect(metrics.pools).toEqual(["turso-pool"]);
    expect(said("connections_created_total")).toBe(2);
    expect(said("checkouts_total")).toBe(2);
    expect(said("timeouts_total")).toBe(1);
    expect(said("proactive_pings_total")).toBe(1);
    expect(said("ping_failures_total")).toBe(1);
    expect(said("lost_while_idle_total")).toBe(1);
    expect(said("evictions_total", { reason: "ping-failed" })).toBe(1);
    expect(said("evictions_total", { reason: "max-lifetime" })).toBe(0);
    expect(said("sockets_opened_total")).toBe(2);
    expect(said("sockets_open")).toBe(1);
    expect(said("connections", { state: "active" })).toBe(1);
    expect(said("connections", { state: "idle" })).toBe(0);
    expect(said("waiting")).toBe(1);
    expect(said("longest_wait_seconds")).toBe(1);
    expect(said("oldest_lease_seconds")).toBe(3);
    expect(said("idle_before_loss_seconds")).toBe(30);
    expect(said("uptime_seconds")).toBe(33.1);
    expect(said("config_max_connections")).toBe(1);
    expect(said("config_connection_timeout_seconds")).toBe(1);
    expect(said("config_max_waiters")).toBe(Infinity);
    expect(said("config_enable_keepalive")).toBe(1);
    lease.release();
  });

  it("are there from the first moment, sockets only where somebody counts them", () => {
    const { pool } = connectionPool();
    const metrics = new Metrics(toPrometheus(pool));
    expect(metrics.value("turso_pool_pings_on_another_transport_total")).toBe(0);
    expect(() => metrics.value("turso_pool_idle_before_loss_seconds")).toThrow("no turso_pool_idle");
    expect(metrics.buckets("turso_pool_create_time_seconds")).toHaveLength(20);
    expect(() => metrics.value("turso_pool_sockets_open")).toThrow("no turso_pool_sockets_open");
  });

  it("are written as the specification says", async () => {
    const { pool, clock } = connectionPool({ name: 'a "pool"\nin C:\\' }, { opens: { after: 3 } });
    const lease = pool.acquire();
    await clock.advance(3);
    (await lease).release();
    const text = toPrometheus(pool);
    const family = (name: string): string =>
      /** From its TYPE to the next one's. */
      text.slice(text.indexOf(`# TYPE ${name} `)).split(/(?<=\n)(?=# TYPE|# EOF)/)[0] ?? "";
    const label = String.raw`pool="a \"pool\"\nin C:\\"`;
    expect(family("turso_pool_connections_created")).toBe(
      [
        "# TYPE turso_pool_connections_created counter",
        "# HELP turso_pool_connections_created Connections opened.",
        `turso_pool_connections_created_total{${label}} 1`,
        "",
      ].join("\n"),
    );
    const bucket = (le: string, count: number): string =>
      `turso_pool_create_time_seconds_bucket{${label},le="${le}"} ${count}`;
    expect(family("turso_pool_create_time_seconds")).toBe(
      [
        "# TYPE turso_pool_create_time_seconds histogram",
        "# UNIT turso_pool_create_time_seconds seconds",
        "# HELP turso_pool_create_time_seconds What opening a connection took.",
        ...["0.000125", "0.00025", "0.0005", "0.001", "0.002"].map((le) => bucket(le, 0)),
        ...["0.004", "0.008", "0.016", "0.032", "0.064", "0.128", "0.256", "0.512"].map((le) =>
          bucket(le, 1),
        ),
        ...["1.024", "2.048", "4.096", "8.192", "16.384", "32.768", "+Inf"].map((le) => bucket(le, 1)),
        `turso_pool_create_time_seconds_count{${label}} 1`,
        `turso_pool_create_time_seconds_sum{${label}} 0.003`,
        "",
      ].join("\n"),
    );
  });
});

describe("whatever a pool is called and has counted", () => {
  const names = fc.oneof(
    fc.string({ unit: "binary", minLength: 1 }),
    fc.string({
      unit: fc.constantFrom("\\", '"', "\n", "\r", "{", "}", "#", " ", "n", ",", "="),
      minLength: 1,
    }),
  );

  it("its metrics can be read, and say the same", () => {
    const figures = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.double({ min: 0, noNaN: true }));
    const property = fc.property(names, fc.infiniteStream(figures), (name, values) => {
      const blank = snapshotOf(keepAlivePool().pool);
      const [statistics, evictions] = [blank.statistics, blank.evictions].map((counts) =>
        Object.fromEntries(Object.keys(counts).map((key) => [key, values.next().value])),
      );
      const snapshot = { ...blank, name, statistics, evictions } as PoolSnapshot;
      const metrics = new Metrics(openMetricsOf(snapshot));
      expect(metrics.pools).toEqual([name]);
      for (const [key, value] of statisticsOf(snapshot)) {
        if (!key.startsWith("total_") || key === "total_created") continue;
        expect(metrics.value(`turso_pool_${key.slice("total_".length)}_total`)).toBe(value);
      }
      for (const [reason, value] of Object.entries(snapshot.evictions))
        expect(metrics.value("turso_pool_evictions_total", { reason })).toBe(value);
    });
    fc.assert(property);
  });

  it("each bucket of a histogram has what is not longer than its bound", async () => {
    // Times that a double adds up exactly, many of them bounds themselves.
    const times = fc.oneof(
      fc.integer({ min: -8, max: 23 }).map((exponent) => 2 ** exponent),
      fc.nat(2 ** 20).map((n) => n / 2 ** 10),
      fc.constant(0),
    );
    const property = fc.asyncProperty(fc.array(times, { maxLength: 50 }), async (uses) => {
      const { pool, clock } = connectionPool({ maxLifetime: Infinity, idleTimeout: Infinity });
      for (const use of uses) {
        const lease = await pool.acquire();
        clock.sleep(use);
        lease.release();
      }
      const buckets = new Metrics(toPrometheus(pool)).buckets("turso_pool_use_time_seconds");
      expect(buckets).toHaveLength(20);
      for (const [bound, count] of buckets) {
        const boundMs = Math.round(bound * 8_000) / 8;
        expect(count, `up to ${bound} s`).toBe(uses.filter((use) => use <= boundMs).length);
      }
    });
    await fc.assert(property);
  });
});
