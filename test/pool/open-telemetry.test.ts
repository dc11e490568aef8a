import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type MetricData,
} from "@opentelemetry/sdk-metrics";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ConnectionPool } from "../../src/pool/connection-pool.js";
import { FakeConnection } from "../support/fake-connections.js";
import { connectionPool, keepAlivePool, settle, watch } from "../support/pool-fixture.js";

/** Registers a meter provider as an application does, and reads back what is reported to it. */
function register() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 2 ** 30 });
  const provider = new MeterProvider({ readers: [reader] });
  metrics.setGlobalMeterProvider(provider);
  return {
    /** What is reported now, of each metric by its name. */
    async read(): Promise<ReadonlyMap<string, MetricData>> {
      exporter.reset();
      await provider.forceFlush();
      const reported = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics);
      return new Map(reported.flatMap((scope) => scope.metrics.map((one) => [one.descriptor.name, one])));
    },
    shutdown: () => provider.shutdown(),
  };
}

let provider: ReturnType<typeof register> | undefined;
afterEach(async () => {
  metrics.disable();
  await provider?.shutdown();
  provider = undefined;
});

const CONNECTION = "db.client.connection";
const named = (name: string) => ({ [`${CONNECTION}.pool.name`]: name });

/** The values of a metric with their attributes; of a histogram the count and the sum. */
function points(reported: ReadonlyMap<string, MetricData>, metric: string) {
  const data = reported.get(`${CONNECTION}.${metric}`);
  return data?.dataPoints.map(({ attributes, value }) => {
    if (typeof value === "number") return { attributes, value };
    return { attributes, count: "count" in value ? value.count : NaN, sum: "sum" in value ? value.sum : NaN };
  });
}

describe("OpenTelemetry", () => {
  it("is told all nine metrics of the conventions, in their units", async () => {
    provider = register();
    const { pool } = connectionPool();
    (await pool.acquire()).release();
    await settle();
    const reported = await provider.read();
    const units = [...reported.values()].map(({ descriptor }) => [descriptor.name, descriptor.unit]);
    expect(Object.fromEntries(units)).toEqual({
      "db.client.connection.count": "{connection}",
      "db.client.connection.idle.max": "{connection}",
      "db.client.connection.idle.min": "{connection}",
      "db.client.connection.max": "{connection}",
      "db.client.connection.pending_requests": "{request}",
      "db.client.connection.timeouts": "{timeout}",
      "db.client.connection.create_time": "s",
      "db.client.connection.wait_time": "s",
      "db.client.connection.use_time": "s",
    });
  });

  it("is told what the pool did", async () => {
    provider = register();
    const options = { name: "shop", minConnections: 1, maxConnections: 2, connectionTimeout: 2_000 };
    const { pool, clock } = keepAlivePool(options, { opens: { after: 40 } });
    const leases = [pool.acquire(), pool.acquire()];
    watch(pool.acquire()); // times out
    await clock.advance(2_000);
    const [first, second] = await Promise.all(leases);
    first?.release();
    second?.release();
    await pool.acquire();
    await pool.acquire();
    watch(pool.acquire());
    await settle();

    const reported = await provider.read();
    const attributes = named("shop");
    const state = (now: string) => ({ ...attributes, [`${CONNECTION}.state`]: now });
    expect(points(reported, "count")).toEqual([
      { attributes: state("idle"), value: 0 },
      { attributes: state("used"), value: 2 },
    ]);
    expect(points(reported, "idle.max")).toEqual([{ attributes, value: 2 }]);
    expect(points(reported, "idle.min")).toEqual([{ attributes, value: 1 }]);
    expect(points(reported, "max")).toEqual([{ attributes, value: 2 }]);
    expect(points(reported, "pending_requests")).toEqual([{ attributes, value: 1 }]);
    expect(points(reported, "timeouts")).toEqual([{ attributes, value: 1 }]);
    expect(points(reported, "create_time")).toEqual([{ attributes, count: 2, sum: 0.08 }]);
    expect(points(reported, "wait_time")).toEqual([{ attributes, count: 4, sum: 0.08 }]);
    expect(points(reported, "use_time")).toEqual([{ attributes, count: 2, sum: 1.96 + 1.96 }]);
  });

  it("is told of each pool under its own name", async () => {
    provider = register();
    const [orders, users] = [connectionPool({ name: "orders" }), connectionPool({ name: "users" })];
    await orders.pool.acquire();
    (await users.pool.acquire()).release();
    const used = points(await provider.read(), "count")?.filter(({ value }) => value === 1);
    expect(used?.map(({ attributes }) => attributes)).toEqual([
      { ...named("orders"), [`${CONNECTION}.state`]: "used" },
      { ...named("users"), [`${CONNECTION}.state`]: "idle" },
    ]);
  });

  it("is told that nothing is left when the pool has closed, and then is told nothing", async () => {
    provider = register();
    const { pool } = connectionPool({ minConnections: 1, maxConnections: 3 });
    const other = connectionPool({ name: "other" }).pool;
    (await pool.acquire()).release();
    await settle();
    await provider.read();
    await pool.close();
    for (let looks = 0; looks < 2; looks++) {
      const reported = await provider.read();
      const values = (metric: string): unknown =>
        points(reported, metric)
          ?.filter(({ attributes }) => attributes[`${CONNECTION}.pool.name`] === "turso-pool")
          .map(({ value }) => value);
      expect(values("count")).toEqual([0, 0]);
      for (const metric of ["idle.max", "idle.min", "max", "pending_requests"])
        expect(values(metric)).toEqual([0]);
      expect(points(reported, "max")).toContainEqual({ attributes: named("other"), value: 10 });
    }
    const asked = vi.spyOn(pool, "statistics");
    await provider.read();
    expect(asked).not.toHaveBeenCalled();
    await other.close();
  });

  it("costs nothing where no provider is registered", async () => {
    const listens = vi.spyOn(ConnectionPool.prototype, "on");
    const { pool } = connectionPool();
    (await pool.acquire()).release();
    expect(listens).not.toHaveBeenCalled();
  });

  it("finds a provider that is registered later with the next connection", async () => {
    const { pool } = connectionPool();
    await pool.acquire();
    provider = register();
    expect(await provider.read()).toEqual(new Map());
    (await pool.acquire()).release();
    await settle();
    const reported = await provider.read();
    const attributes = named("turso-pool");
    expect(points(reported, "max")).toEqual([{ attributes, value: 10 }]);
    expect(points(reported, "wait_time")).toEqual([{ attributes, count: 1, sum: 0 }]);
  });

  it("is told of the opening of the very connection with which it is found", async () => {
    const { pool, clock } = connectionPool({}, { opens: { after: 250 } });
    provider = register();
    const lease = pool.acquire();
    await clock.advance(250);
    (await lease).release();
    await settle();
    const attributes = named("turso-pool");
    expect(points(await provider.read(), "create_time")).toEqual([{ attributes, count: 1, sum: 0.25 }]);
  });

  it("shows a pool that takes the place of one of the same name, from the first look", async () => {
    provider = register();
    const { pool } = connectionPool({ maxConnections: 3 });
    await provider.read();
    await pool.close();
    const { pool: next } = connectionPool({ maxConnections: 7 });
    for (let look = 0; look < 2; look++) {
      const attributes = named("turso-pool");
      expect(points(await provider.read(), "max")).toEqual([{ attributes, value: 7 }]);
    }
    await next.close();
  });

  it("is told nothing of a connection that opens when the pool is closed already", async () => {
    let open = (): void => undefined;
    const { pool, clock, database } = connectionPool({
      minConnections: 1,
      // Does not listen to being told to stop.
      open: () => new Promise((resolve) => (open = () => resolve(new FakeConnection(database, 0)))),
    });
    const closing = pool.close({ timeout: 0 });
    await clock.advance(10_000);
    await closing;
    provider = register();
    open();
    await settle();
    expect(await provider.read()).toEqual(new Map());
  });
});
