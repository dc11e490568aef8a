import type { StrategyName } from "../../src/bench/plan.js";
import type { RoundResult, StrategyResult } from "../../src/bench/result.js";
import { DurationHistogram } from "../../src/stats/histogram.js";
import { EMPTY, type Summary, type SummaryKey } from "../../src/stats/summary.js";

/** A strategy, on the second database, or its twin. */
export type ContestantName = StrategyName | `${StrategyName}@base` | `${StrategyName}@again`;

/** Of every made-up result. */
export const ROUNDS = 10;

/** The shape of every made-up distribution, in medians: what `SHAPE` says at a rank, and straight lines between. */
const SHAPE = [
  [0, 0.5],
  [0.5, 1],
  [0.75, 1.2],
  [0.9, 1.5],
  [0.95, 2],
  [0.99, 4],
  [1, 8],
] as const;

/** A summary of that shape. */
export function around(p50: number): Summary {
  return {
    min: p50 / 2,
    mean: p50,
    p50,
    p75: p50 * 1.2,
    p90: p50 * 1.5,
    p95: p50 * 2,
    p99: p50 * 4,
    p999: null,
    max: p50 * 8,
  };
}

/** A made-up contestant of a closed loop; intervals reach 5 % to either side. */
export function strategyOf(name: ContestantName, latency: number, overhead: number | null): StrategyResult {
  const fresh = name.startsWith("unpooled");
  const throughput = 1_000 / latency;
  const latencies = around(latency);
  const overheads = overhead === null ? EMPTY : around(overhead);
  return {
    name,
    strategy: name.split("@")[0] as StrategyName,
    operations: 1_000,
    errors: 0,
    timeouts: 0,
    first_error: null,
    latency_ms: latencies,
    service_latency_ms: latencies,
    connection_overhead_ms: overheads,
    throughput_per_second: throughput,
    intervals_95: {
      ...intervals("latency_ms", latencies),
      ...intervals("service_latency_ms", latencies),
      ...intervals("connection_overhead_ms", overheads),
      throughput_per_second: { low: throughput * 0.95, high: throughput * 1.05 },
      error_rate: null,
    },
    null_reasons: {
      "latency_ms.p999": "needs 1000 operations, has 999",
      ...(overhead === null ? unseen() : {}),
    },
    schedule: null,
    sockets_opened: fresh ? 1_000 : 0,
    connections_opened: fresh ? 1_000 : 0,
    warmup: { operations: 10, errors: 0, sockets_opened: fresh ? 10 : 1 },
    instrument: { event_loop_utilization: 0.5, cpu: 0.5, host_cpu: 0.6, gc: 0.01, gc_max_ms: 1.5 },
    instrument_limited: false,
    instrument_limits: [],
    stationarity: { first_round_differs: false, first_round_ratio: 1.01, drifts: false, trend_p: 0.4 },
    pool: null,
    rounds: rounds(latency, overhead ?? 0),
  };
}

function rounds(latency: number, overhead: number): RoundResult[] {
  const round: RoundResult = {
    operations: 100,
    failed: 0,
    elapsed_ms: 100 * latency,
    latency_hdr: histogram(latency),
    service_latency_hdr: null,
    connection_overhead_hdr: histogram(overhead),
  };
  return Array.from({ length: ROUNDS }, () => round);
}

/** A hundred durations of the shape above. */
export function histogram(p50: number): string {
  const recorded = new DurationHistogram();
  for (let at = 0; at < 100; at++) recorded.record(p50 * atRank((at + 0.5) / 100));
  return recorded.encode();
}

function atRank(rank: number): number {
  const above = SHAPE.findIndex(([at]) => at >= rank);
  const [[x0, y0], [x1, y1]] = [SHAPE[above - 1] ?? SHAPE[0], SHAPE[above] ?? SHAPE[6]];
  return y0 + ((y1 - y0) * (rank - x0)) / (x1 - x0);
}

function intervals(family: string, summary: Summary): StrategyResult["intervals_95"] {
  const told = (Object.entries(summary) as [SummaryKey, number | null][])
    .filter(([key]) => key !== "min" && key !== "max")
    .map(([key, value]) => [
      `${family}.${key}`,
      value === null ? null : { low: value * 0.95, high: value * 1.05 },
    ]);
  return Object.fromEntries(told) as StrategyResult["intervals_95"];
}

/** Why there is no connection overhead. */
function unseen(): Record<string, string> {
  const reason = "the client opens its connections out of sight";
  return Object.fromEntries(Object.keys(EMPTY).map((key) => [`connection_overhead_ms.${key}`, reason]));
}
