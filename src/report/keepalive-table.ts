import type { BenchResult, Comparison, StrategyResult } from "../bench/result.js";
import { borderless } from "./borderless.js";
import { duration, factor, NO_FIGURE, percent, rate } from "./format.js";
import type { Style } from "./style.js";

interface Row {
  readonly label: string;
  readonly metric: Comparison["metric"];
}

const CONNECT: Row = { label: "Connection overhead (P50)", metric: "connection_overhead_ms.p50" };
const THROUGHPUT: Row = { label: "Throughput", metric: "throughput_per_second" };
const MEDIAN: Row = { label: "Latency (P50)", metric: "latency_ms.p50" };
const TAIL: Row = { label: "Latency (P95)", metric: "latency_ms.p95" };

/** The guide's table. Throughput is only a finding where callers go as fast as they can. */
const ROWS = {
  closed: [CONNECT, THROUGHPUT, TAIL],
  open: [CONNECT, MEDIAN, TAIL],
  gap: [MEDIAN, TAIL],
} as const;

/**
 * What keep-alive gains. Without it is `unpooled`, and after gaps the shared `client`, whose connection may not
 * outlive them. `undefined` unless both ran.
 */
export function keepaliveTable(result: BenchResult, style: Style): string | undefined {
  const { loop } = result.plan;
  const baseline = loop === "gap" ? "client" : "unpooled";
  const rows = ROWS[loop].map(({ label, metric }) => ({ label, comparison: find(result, baseline, metric) }));
  const found = rows.flatMap(({ label, comparison }) => (comparison ? [{ label, comparison }] : []));
  if (found.length < rows.length || !areSound(result)) return undefined;
  return borderless<{ label: string; comparison: Comparison }>(
    [
      { head: "metric", cell: ({ label }) => label },
      {
        head: loop === "gap" ? "one shared client" : "without keep-alive",
        cell: ({ comparison }) => shown(comparison.baseline_value, comparison),
      },
      { head: "with keep-alive", cell: ({ comparison }) => shown(comparison.contender_value, comparison) },
      { head: "improvement", cell: ({ comparison }) => improvement(comparison, style) },
    ],
    found,
    style,
  );
}

/** Whether what ran on the first database can be compared: neither base nor twin is part of any claim here. */
export function areSound({ strategies }: BenchResult): boolean {
  return strategies.filter(({ name, strategy }) => name === strategy).every(isSound);
}

/** Too few operations, or more failures than successes, compare with nothing. */
function isSound({ operations, errors, timeouts }: StrategyResult): boolean {
  return operations >= ENOUGH && errors + timeouts <= operations;
}

const ENOUGH = 20;

function find(
  { comparisons }: BenchResult,
  baseline: string,
  metric: Comparison["metric"],
): Comparison | undefined {
  return comparisons.find(
    (one) => one.baseline === baseline && one.contender === "keepalive" && one.metric === metric,
  );
}

function shown(value: number | null, { metric }: Comparison): string {
  return metric === "throughput_per_second" ? `${rate(value)} ops/s` : duration(value);
}

/** A difference is claimed only where its interval has one. */
function improvement(comparison: Comparison, style: Style): string {
  const { metric, ratio, reduction_percent: reduction, ratio_interval_95: interval, verdict } = comparison;
  if (ratio === null && reduction === null) return NO_FIGURE;
  // A pool's wait of nothing has no ratio, and needs none.
  if (ratio !== null && verdict === "unclear")
    return interval === null ? "can't tell" : "no clear difference";
  if (metric === "throughput_per_second" && ratio !== null) {
    return ratio >= 1 ? style.green(`${factor(ratio)} faster`) : style.red(`${factor(1 / ratio)} slower`);
  }
  if (reduction === null) return NO_FIGURE;
  return reduction >= 0
    ? style.green(`${percent(reduction)} reduction`)
    : style.red(`${percent(reduction)} increase`);
}
