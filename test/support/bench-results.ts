import type {
  BenchResult,
  GateResult,
  NoiseResult,
  StrategyResult,
  TargetResult,
} from "../../src/bench/result.js";
import { comparisonsOf } from "./comparison-results.js";
import { around, histogram, ROUNDS, strategyOf, type ContestantName } from "./strategy-results.js";

/** Milliseconds at the median; `null` where connections are opened out of sight. */
export type Medians = Partial<Record<ContestantName, readonly [latency: number, overhead: number | null]>>;

/**
 * A made-up result of a closed loop: a median latency and overhead for each strategy. What depends on them does:
 * intervals reach 5 % to either side, and comparisons are of every two strategies, and of each with its `…@base`.
 */
export function resultOf(medians: Medians, target: Partial<TargetResult> = {}): BenchResult {
  const strategies = Object.entries(medians).map(([name, [latency, overhead]]) =>
    strategyOf(name as ContestantName, latency, overhead),
  );
  const twins = strategies.filter(({ name }) => name.endsWith("@again"));
  const against = strategies.some(({ name }) => name.endsWith("@base"));
  return {
    schema_version: 2,
    command: "bench",
    interrupted: false,
    started_at: "2026-01-01T00:00:00.000Z",
    target: targetOf(target),
    against: against ? targetOf({ url: "wss://base.example" }) : null,
    plan: {
      strategies: [...new Set(strategies.map(({ strategy }) => strategy))],
      queries: [{ sql: "SELECT 1", weight: 1 }],
      allow_writes: false,
      loop: "closed",
      rate_per_second: null,
      arrivals: null,
      gap_ms: null,
      concurrency: 4,
      operations: 1_000,
      duration_ms: null,
      warmup_operations: 10,
      warmup_limit_ms: null,
      rounds: ROUNDS,
      seed: 7,
      settle_ms: 50,
      operation_timeout_ms: 30_000,
      connect_timeout_ms: 10_000,
      calibrate: twins.length > 0,
      max_duration_ms: null,
      pool: {},
    },
    host: {
      node: "v20",
      platform: "linux",
      arch: "x64",
      cpus: 2,
      cpu_model: "cpu",
      memory_bytes: 1,
      speed: 5,
    },
    floor_ms: 0.1,
    event_loop_delay_ms: { p50: 0.1, p99: 1, max: 2 },
    instrument_limited: false,
    strategies,
    comparisons: comparisonsOf(strategies.filter((one) => !twins.includes(one))),
    noise: twins.length === 0 ? null : twins.map(({ strategy }) => noise({ strategy })),
    gates: [],
    verdict: null,
    sockets: { measured: 1_000, warmup: 13, preflight: 1, total: 1_014, accepted_by_server: null },
  };
}

/** The same result with gates, and the verdict that follows from them. */
export function withGates(result: BenchResult, gates: readonly GateResult[]): BenchResult {
  const verdicts = gates.map(({ verdict }) => verdict);
  const verdict = verdicts.includes("fail")
    ? "fail"
    : verdicts.includes("inconclusive")
      ? "inconclusive"
      : "pass";
  return { ...result, gates, verdict: gates.length === 0 ? null : verdict };
}

/** The same result with every contestant changed, or the named one. */
export function withStrategies(
  result: BenchResult,
  change: Partial<StrategyResult> | ((one: StrategyResult) => Partial<StrategyResult>),
  name?: ContestantName,
): BenchResult {
  const strategies = result.strategies.map((one) =>
    name !== undefined && one.name !== name
      ? one
      : { ...one, ...(typeof change === "function" ? change(one) : change) },
  );
  return { ...result, strategies, instrument_limited: strategies.some((one) => one.instrument_limited) };
}

/** The same result as an open loop gives it, at a rate for each strategy; a few operations found no worker. */
export function openLoop(result: BenchResult, perSecond = 100): BenchResult {
  const open = withStrategies(result, (one) => ({
    schedule: { scheduled: one.operations + 3, found_no_worker: 12, never_started: 3, lag_ms: around(0.05) },
    service_latency_ms: around((one.latency_ms.p50 ?? 0) / 2),
    rounds: one.rounds.map((round) => ({
      ...round,
      service_latency_hdr: histogram((one.latency_ms.p50 ?? 0) / 2),
    })),
  }));
  return { ...open, plan: { ...open.plan, loop: "open", rate_per_second: perSecond, arrivals: "poisson" } };
}

/** A gate that passes, unless told otherwise. */
export function gate(given: Partial<GateResult> = {}): GateResult {
  return {
    threshold: "keepalive.latency_ms.p95 < 5ms",
    source: "threshold",
    value: 4,
    unit: "ms",
    interval: { low: 3.8, high: 4.2 },
    confidence_percent: 95,
    operator: "<",
    limit: 5,
    verdict: "pass",
    refused: false,
    reason: null,
    ...given,
  };
}

/** What a twin says of the noise: 2 % at the median, unless told otherwise. */
export function noise(given: Partial<NoiseResult> = {}): NoiseResult {
  return {
    strategy: "keepalive",
    metric: "latency_ms.p50",
    ratio: 1.01,
    ratio_interval_95: { low: 0.99, high: 1.02 },
    noise_floor_percent: 2,
    smallest_detectable_percent: 3.5,
    ...given,
  };
}

function targetOf(given: Partial<TargetResult>): TargetResult {
  return { url: "wss://db.example", transport: "ws", tls: true, embedded: false, network: null, ...given };
}
