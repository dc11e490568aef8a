import { figureInterval, ratioInterval, resampledRatios, type Interval } from "../stats/bootstrap.js";
import { signedRankTest } from "../stats/signed-rank.js";
import type { FigureBook } from "./figures.js";
import { METRICS, type MetricName } from "./metrics.js";
import type { Comparison } from "./result.js";

/** What contestants are compared in. */
export const COMPARED: readonly MetricName[] = [
  "connection_overhead_ms.p50",
  "latency_ms.p50",
  "latency_ms.p75",
  "latency_ms.p90",
  "latency_ms.p95",
  "latency_ms.p99",
  "latency_ms.p999",
  "throughput_per_second",
];

/** Compares two contestants of one run in one figure. */
export function compare(
  book: FigureBook,
  baseline: string,
  contender: string,
  metric: MetricName,
): Comparison {
  const before = book.figure(baseline, metric);
  const after = book.figure(contender, metric);
  // For what is better when there is less of it, "times better" is the baseline over the contender.
  const isMoreBetter = METRICS[metric].moreIsBetter;
  const [above, below] = isMoreBetter ? [after, before] : [before, after];
  const [ratio = null] = resampledRatios([above.value], [below.value]);
  const interval = ratio === null ? null : ratioInterval(above.resampled, below.resampled, before.rounds);
  return {
    baseline,
    contender,
    metric,
    baseline_value: before.value,
    contender_value: after.value,
    ratio,
    ratio_interval_95: interval,
    rank_test_p: rankTest(book.perRound(baseline, metric), book.perRound(contender, metric)),
    verdict: interval === null ? "unclear" : verdictOf(interval),
    reduction_percent:
      before.value !== null && after.value !== null && before.value > 0
        ? (1 - after.value / before.value) * 100
        : null,
  };
}

/** Where a figure lies with 95 % confidence. */
export function intervalOf(book: FigureBook, name: string, metric: MetricName): Interval | null {
  const { value, resampled, rounds } = book.figure(name, metric);
  return value === null ? null : figureInterval(resampled, rounds);
}

/** Rounds are pairs: both contestants ran in each of them. Logarithms, because rounds differ by factors. */
function rankTest(before: readonly (number | null)[], after: readonly (number | null)[]): number | null {
  const differences: number[] = [];
  for (const [at, one] of before.entries()) {
    const other = after[at] ?? null;
    if (one === null || other === null) return null;
    differences.push(one > 0 && other > 0 ? Math.log(other / one) : other - one);
  }
  return signedRankTest(differences)?.pValue ?? null;
}

function verdictOf({ low, high }: Interval): Comparison["verdict"] {
  if (low > 1) return "better";
  return high < 1 ? "worse" : "unclear";
}
