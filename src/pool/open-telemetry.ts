import { createNoopMeter, metrics, type Attributes, type BatchObservableResult } from "@opentelemetry/api";
import type { PoolEventListener, PoolEventName } from "./events.js";
import type { PoolStatistics } from "./statistics.js";

/** What metrics need of a pool. */
export interface ObservedPool {
  readonly config: {
    readonly name: string;
    readonly minConnections: number;
    readonly maxConnections: number;
  };
  statistics(): PoolStatistics;
  on<Name extends PoolEventName>(event: Name, listener: PoolEventListener<unknown, Name>): unknown;
  off<Name extends PoolEventName>(event: Name, listener: PoolEventListener<unknown, Name>): unknown;
}

/** What is observed of a pool whenever metrics are collected. */
interface Levels {
  readonly idle: number;
  readonly active: number;
  readonly min: number;
  readonly max: number;
  readonly waiting: number;
  readonly timeouts: number;
}

const SECOND_MS = 1_000;
/** The boundaries that the conventions advise for durations of database operations, in seconds. */
const BOUNDARIES = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

/**
 * Reports a pool to OpenTelemetry by the semantic conventions for database client connection pools, until the function
 * that it returns is called. Does nothing, and returns `undefined`, where no meter provider is registered.
 * @see https://opentelemetry.io/docs/specs/semconv/database/database-metrics/#connection-pools
 */
export function reportToOpenTelemetry(pool: ObservedPool): (() => void) | undefined {
  const meter = metrics.getMeter("turso-pool");
  if (meter === createNoopMeter()) return undefined;

  const { name, minConnections, maxConnections } = pool.config;
  const attributes: Attributes = { "db.client.connection.pool.name": name };
  const idle: Attributes = { ...attributes, "db.client.connection.state": "idle" };
  const used: Attributes = { ...attributes, "db.client.connection.state": "used" };

  const gauge = (metric: string, unit: string, description: string) =>
    meter.createObservableUpDownCounter(`db.client.connection.${metric}`, { unit, description });
  const count = gauge("count", "{connection}", "Connections in the state that the attribute says.");
  const idleMax = gauge("idle.max", "{connection}", "The most idle connections allowed.");
  const idleMin = gauge("idle.min", "{connection}", "The fewest idle connections kept.");
  const max = gauge("max", "{connection}", "The most open connections allowed.");
  const pending = gauge("pending_requests", "{request}", "Callers waiting for an open connection.");
  const timeouts = meter.createObservableCounter("db.client.connection.timeouts", {
    unit: "{timeout}",
    description: "Callers whose wait for a connection timed out.",
  });
  const observables = [count, idleMax, idleMin, max, pending, timeouts];
  const reporting = (look: () => Levels, done?: () => void) => (result: BatchObservableResult) => {
    const now = look();
    result.observe(count, now.idle, idle);
    result.observe(count, now.active, used);
    // The pool has no limit of its own for idle ones.
    result.observe(idleMax, now.max, attributes);
    result.observe(idleMin, now.min, attributes);
    result.observe(max, now.max, attributes);
    result.observe(pending, now.waiting, attributes);
    result.observe(timeouts, now.timeouts, attributes);
    done?.();
  };
  const observe = reporting(() => {
    const { idleConnections, activeConnections, waiting, totalTimeouts } = pool.statistics();
    return {
      idle: idleConnections,
      active: activeConnections,
      min: minConnections,
      max: maxConnections,
      waiting,
      timeouts: totalTimeouts,
    };
  });
  meter.addBatchObservableCallback(observe, observables);

  const times = (metric: string, description: string) =>
    meter.createHistogram(`db.client.connection.${metric}`, {
      unit: "s",
      description,
      advice: { explicitBucketBoundaries: BOUNDARIES },
    });
  const createTime = times("create_time", "What creating a connection took.");
  const waitTime = times("wait_time", "What obtaining an open connection from the pool took.");
  const useTime = times("use_time", "The time between borrowing a connection and returning it.");
  const opened: PoolEventListener<unknown, "opened"> = ({ tookMs }) =>
    createTime.record(tookMs / SECOND_MS, attributes);
  const acquired: PoolEventListener<unknown, "acquired"> = ({ waitedMs }) =>
    waitTime.record(waitedMs / SECOND_MS, attributes);
  const released: PoolEventListener<unknown, "released"> = ({ usedMs }) =>
    useTime.record(usedMs / SECOND_MS, attributes);
  pool.on("opened", opened);
  pool.on("acquired", acquired);
  pool.on("released", released);

  return () => {
    pool.off("opened", opened);
    pool.off("acquired", acquired);
    pool.off("released", released);
    meter.removeBatchObservableCallback(observe, observables);
    // The SDK goes on reporting what it observed last, so it has to observe once more, that nothing is left; for which the
    // pool itself need not be kept.
    const last = {
      idle: 0,
      active: 0,
      min: 0,
      max: 0,
      waiting: 0,
      timeouts: pool.statistics().totalTimeouts,
    };
    const farewell = reporting(
      () => last,
      // Not at once: the SDK is just walking over its callbacks.
      () => queueMicrotask(() => meter.removeBatchObservableCallback(farewell, observables)),
    );
    meter.addBatchObservableCallback(farewell, observables);
  };
}
