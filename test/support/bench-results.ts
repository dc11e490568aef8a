import type { BenchResult, StrategyResult } from "../../src/bench/result.js";
import { compareAll } from "../../src/bench/compare.js";
import type { Round } from "../../src/bench/recorder.js";
import { seededRandom, shuffled } from "../../src/core/random.js";
import type { Buckets } from "../../src/stats/buckets.js";
import type { StrategyName } from "../../src/bench/plan.js";
import { EMPTY, type Summary } from "../../src/stats/summary.js";

function around(p50: number): Summary {
  return {
    min: p50 / 2,
    mean: p50,
    p50,
    p90: p50 * 1.5,
    p95: p50 * 2,
    p99: p50 * 4,
    p999: null,
    max: p50 * 8,
  };
}

/** Rounds that all had about the strategy's figures; some a little luckier than others. */
function roundsOf({ name, latency_ms: latency, connection_overhead_ms: overhead }: StrategyResult): Round[] {
  const one = (value: number | null): Buckets =>
    value === null
      ? { values: new Float64Array(), counts: new Float64Array() }
      : { values: Float64Array.of(value), counts: Float64Array.of(100) };
  return shuffled([0.97, 0.98, 0.99, 1, 1, 1.01, 1.02, 1.03], seededRandom(name.length)).map((luck) => ({
    latency: one((latency.p50 ?? 0) * luck),
    overhead: one(overhead.p50 === null ? null : overhead.p50 * luck),
    operations: 100,
    elapsed: 100 * (latency.p50 ?? 0) * luck,
  }));
}

/** A made-up result: a median latency and overhead for each strategy. */
export function resultOf(
  medians: Partial<Record<StrategyName, readonly [latency: number, overhead: number | null]>>,
  target: Partial<BenchResult["target"]> = {},
): BenchResult {
  const strategies = Object.entries(medians).map(([name, [latency, overhead]]): StrategyResult => ({
    name: name as StrategyName,
    operations: 1_000,
    errors: 0,
    timeouts: 0,
    first_error: null,
    latency_ms: around(latency),
    connection_overhead_ms: overhead === null ? EMPTY : around(overhead),
    null_reasons: { "latency_ms.p999": "needs 1000 operations, has 999" },
    throughput_per_second: 1_000 / latency,
    sockets_opened: name === "unpooled" ? 1_000 : 0,
    connections_opened: name === "unpooled" ? 1_000 : 0,
    warmup: { operations: 10, errors: 0, sockets_opened: name === "unpooled" ? 10 : 1 },
    instrument: { event_loop_utilization: 0.5, cpu: 0.5, host_cpu: 0.6 },
    instrument_limited: false,
    pool: null,
  }));
  return {
    schema_version: 1,
    command: "bench",
    interrupted: false,
    started_at: "2026-01-01T00:00:00.000Z",
    target: { url: "wss://db.example", transport: "ws", tls: true, embedded: false, ...target },
    plan: {
      strategies: strategies.map(({ name }) => name),
      queries: [{ sql: "SELECT 1", weight: 1 }],
      allow_writes: false,
      loop: "closed",
      concurrency: 4,
      operations: 1_000,
      duration_ms: null,
      warmup_operations: 10,
      rounds: 10,
      seed: 7,
      settle_ms: 50,
      operation_timeout_ms: 30_000,
      connect_timeout_ms: 10_000,
      pool: {},
    },
    host: { node: "v20", platform: "linux", arch: "x64", cpus: 2, cpu_model: "cpu", memory_bytes: 1 },
    floor_ms: 0.1,
    event_loop_delay_ms: { p50: 0.1, p99: 1, max: 2 },
    strategies,
    comparisons: compareAll(
      strategies.map((result) => ({ result, rounds: roundsOf(result) })),
      seededRandom(1),
    ),
    sockets: { measured: 1_000, warmup: 13, preflight: 1, total: 1_014, accepted_by_server: null },
  };
}
