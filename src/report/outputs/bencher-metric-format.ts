import type { BenchResult, StrategyResult } from "../../bench/result.js";
import { figuresOf, isTwin, isUsable, type Figure } from "./figures.js";

const NS_PER_MS = 1e6;

/**
 * Measures by their slug. `latency` and `throughput` are Bencher's own, in nanoseconds and operations per second;
 * the others are made at first sight, durations in nanoseconds too and `error-rate` in percent.
 */
const MEASURES: readonly (readonly [slug: string, metric: string])[] = [
  ["latency", "latency_ms.p50"],
  ["latency-p95", "latency_ms.p95"],
  ["latency-p99", "latency_ms.p99"],
  ["connection-overhead", "connection_overhead_ms.p50"],
  ["throughput", "throughput_per_second"],
  ["error-rate", "error_rate"],
];

/**
 * What Bencher's `json` adapter reads: a benchmark for each contestant, its values between the ends of their 95 %
 * intervals. A figure that is not known, or is that of a contestant that mostly failed, is left out.
 * @see https://bencher.dev/docs/reference/bencher-metric-format
 */
export function bencherMetricFormat(result: BenchResult): string {
  const benchmarks = result.strategies
    .filter((strategy) => !isTwin(strategy))
    .map((strategy) => [`turso-pool ${strategy.name}`, measures(strategy)] as const)
    .filter(([, found]) => Object.keys(found).length > 0);
  return `${JSON.stringify(Object.fromEntries(benchmarks), null, 2)}\n`;
}

function measures(strategy: StrategyResult): Record<string, object> {
  const figures = new Map(figuresOf(strategy).map((figure) => [figure.metric, figure]));
  const found = MEASURES.filter(([slug]) => slug === "error-rate" || isUsable(strategy)).flatMap(
    ([slug, metric]) => {
      const measure = measureOf(figures.get(metric));
      return measure === undefined ? [] : [[slug, measure] as const];
    },
  );
  return Object.fromEntries(found);
}

function measureOf(figure: Figure | undefined): object | undefined {
  if (figure === undefined || figure.value === null) return undefined;
  const factor = figure.unit === "ms" ? NS_PER_MS : 1;
  const value = figure.value * factor;
  if (figure.interval === null) return { value };
  return { value, lower_value: figure.interval.low * factor, upper_value: figure.interval.high * factor };
}
