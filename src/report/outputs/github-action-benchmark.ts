import type { BenchResult, StrategyResult } from "../../bench/result.js";
import { interval } from "../format.js";
import { figuresOf, isTwin, isUsable, type Figure } from "./figures.js";

/**
 * Figures to follow over time with github-action-benchmark, of which less is better: its tool
 * `customSmallerIsBetter`. A figure that is not known, or is that of a contestant that mostly failed, is left out.
 * @see https://github.com/benchmark-action/github-action-benchmark#examples
 */
export function customSmallerIsBetter(result: BenchResult): string {
  return entries(result, (metric) => LESS_IS_BETTER.includes(metric));
}

/** The same of which more is better: its tool `customBiggerIsBetter`. */
export function customBiggerIsBetter(result: BenchResult): string {
  return entries(result, (metric) => metric === "throughput_per_second");
}

const ERRORS = "error_rate";
/** The action alarms at a ratio, so that connection overheads, which are next to nothing in a pool, are not among them. */
const LESS_IS_BETTER: readonly string[] = ["latency_ms.p50", "latency_ms.p95", "latency_ms.p99", ERRORS];
const UNITS = { ms: "ms", per_second: "ops/s", percent: "%", count: "" } as const;

function entries(result: BenchResult, isWanted: (metric: string) => boolean): string {
  const found = result.strategies
    .filter((strategy) => !isTwin(strategy))
    .flatMap((strategy) =>
      figuresOf(strategy)
        .filter(({ metric }) => isWanted(metric) && (metric === ERRORS || isUsable(strategy)))
        .flatMap((figure) => entry(strategy, figure, result)),
    );
  return `${JSON.stringify(found, null, 2)}\n`;
}

function entry(strategy: StrategyResult, figure: Figure, result: BenchResult): object[] {
  const { metric, unit, value, interval: ends } = figure;
  if (value === null || unit === "count") return [];
  const range = ends === null ? {} : { range: `95% interval ${interval(ends, unit)}` };
  const extra = [
    `${strategy.operations} operations, ${strategy.errors + strategy.timeouts} failed`,
    ...(strategy.instrument_limited ? ["the load process was the limit"] : []),
    ...(result.interrupted ? ["interrupted, so partial"] : []),
  ];
  return [
    { name: `${strategy.name} ${metric}`, unit: UNITS[unit], value, ...range, extra: extra.join("\n") },
  ];
}
