import type { BenchResult, ComparedMetric, Comparison, StrategyResult } from "../bench/result.js";
import { borderless, render } from "./borderless.js";
import { duration, factor, NO_FIGURE, percent, rate } from "./format.js";
import type { Style } from "./style.js";

const ROWS: readonly { readonly label: string; readonly metric: ComparedMetric }[] = [
  { label: "Connection overhead (P50)", metric: "connection_overhead_ms.p50" },
  { label: "Throughput", metric: "throughput_per_second" },
  { label: "Latency (P95)", metric: "latency_ms.p95" },
];

/** The guide's table, measured: without keep-alive is `unpooled`. `undefined` unless both strategies ran. */
export function keepaliveTable(result: BenchResult, style: Style): string | undefined {
  const found = ROWS.map(({ label, metric }) => ({ label, comparison: find(result, metric) }));
  if (found.some(({ comparison }) => comparison === undefined)) return undefined;
  if (!result.strategies.every(isSound)) return undefined;
  const table = borderless(["metric", "without keep-alive", "with keep-alive", "improvement"], style);
  for (const { label, comparison } of found) if (comparison) table.push([label, ...cells(comparison, style)]);
  return render(table);
}

/** Too few operations, or more failures than successes, compare with nothing. */
export function isSound({ operations, errors, timeouts }: StrategyResult): boolean {
  return operations >= ENOUGH && errors + timeouts <= operations;
}

const ENOUGH = 20;

function find(result: BenchResult, metric: ComparedMetric): Comparison | undefined {
  return result.comparisons.find(
    (one) => one.baseline === "unpooled" && one.contender === "keepalive" && one.metric === metric,
  );
}

function cells(comparison: Comparison, style: Style): string[] {
  const { baseline_value: before, contender_value: after, metric } = comparison;
  const show =
    metric === "throughput_per_second" ? (value: number | null) => `${rate(value)} ops/s` : duration;
  return [show(before), show(after), improvement(comparison, style)];
}

function improvement({ metric, ratio, reduction_percent: reduction }: Comparison, style: Style): string {
  if (ratio === null && reduction === null) return NO_FIGURE;
  if (metric === "throughput_per_second" && ratio !== null) {
    return ratio >= 1 ? style.green(`${factor(ratio)} faster`) : style.red(`${factor(1 / ratio)} slower`);
  }
  if (reduction === null) return NO_FIGURE;
  return reduction >= 0
    ? style.green(`${percent(reduction)} reduction`)
    : style.red(`${percent(reduction)} increase`);
}
