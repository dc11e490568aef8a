import type { Interval } from "../stats/bootstrap.js";
import type { BenchResult, Comparison } from "../bench/result.js";
import { borderless } from "./borderless.js";
import { NO_FIGURE, factor, milliseconds } from "./format.js";
import { metricLabel } from "./metric-label.js";
import type { Style } from "./style.js";

const METRICS: readonly Comparison["metric"][] = ["latency_ms.p50", "latency_ms.p95"];

/** Each strategy on the first database beside itself on the second; `undefined` without a second one. */
export function againstTable({ against, comparisons }: BenchResult, style: Style): string | undefined {
  if (against === null) return undefined;
  const rows = comparisons.filter(
    ({ baseline, contender, metric }) => baseline === `${contender}@base` && METRICS.includes(metric),
  );
  if (rows.length === 0) return undefined;
  return borderless<Comparison>(
    [
      { head: "head against base", cell: ({ contender }) => style.bold(contender) },
      { head: "metric", cell: ({ metric }) => metricLabel(metric) },
      { head: "base ms", cell: ({ baseline_value: value }) => milliseconds(value) },
      { head: "head ms", cell: ({ contender_value: value }) => milliseconds(value) },
      { head: "head is (95% interval)", cell: (one) => difference(one, style) },
    ],
    rows,
    style,
  );
}

function difference(comparison: Comparison, style: Style): string {
  const { ratio, ratio_interval_95: ends, verdict } = comparison;
  if (ratio === null || ends === null) return NO_FIGURE;
  switch (verdict) {
    case "better":
      return style.green(`${factor(ratio)} as fast (${factor(ends.low)} to ${factor(ends.high)})`);
    case "worse":
      return style.red(`${factor(1 / ratio)} slower (${factor(1 / ends.high)} to ${factor(1 / ends.low)})`);
    case "unclear":
      return `${isNarrow(ends) ? "as fast" : "can't tell"} (${factor(ends.low)} to ${factor(ends.high)})`;
  }
}

/** An interval around 1 that is this narrow says that there is no difference to speak of. */
function isNarrow({ low, high }: Interval): boolean {
  return low > 1 / WORTH_SAYING && high < WORTH_SAYING;
}

const WORTH_SAYING = 1.05;
