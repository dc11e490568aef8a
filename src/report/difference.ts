import type { BenchResult, Comparison, StrategyResult } from "../bench/result.js";
import { factor } from "./format.js";

/** A difference that is there and smaller than this is none to speak of. */
const WORTH_SAYING = 1.05;
/** An interval that begins below would be shown to begin at 1.00. */
const SHOWN_AS_MORE = 1.005;

/** Why no interval is there. */
export const WHY_UNTOLD = "that takes at least 4 rounds in which both have operations that succeeded";

/** Two strategies in one figure; a difference too small to speak of counts as none. `undefined` unless both ran. */
export function compared(
  { comparisons }: BenchResult,
  baseline: StrategyResult["name"],
  contender: StrategyResult["name"],
  metric: Comparison["metric"] = "latency_ms.p50",
): Comparison | undefined {
  const found = comparisons.find(
    (one) => one.baseline === baseline && one.contender === contender && one.metric === metric,
  );
  if (found?.ratio == null || found.ratio_interval_95 === null) return found;
  const { ratio, ratio_interval_95: interval } = found;
  const size = Math.max(ratio, 1 / ratio);
  const least = ratio > 1 ? interval.low : 1 / interval.high;
  return size < WORTH_SAYING || least < SHOWN_AS_MORE ? { ...found, verdict: "unclear" } : found;
}

/** No interval is not the same as no difference. */
export function isUntold({ ratio_interval_95: interval }: Comparison): boolean {
  return interval === null;
}

/** The ratio of the faster to the slower, with its interval. */
export function times({ ratio, ratio_interval_95: interval, verdict: difference }: Comparison): string {
  if (ratio === null || interval === null) return "";
  const [at, low, high] =
    difference === "worse"
      ? [1 / ratio, 1 / interval.high, 1 / interval.low]
      : [ratio, interval.low, interval.high];
  return `${factor(at)} (95% interval ${factor(low)} to ${factor(high)})`;
}
