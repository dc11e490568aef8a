import { STRATEGY_NAMES } from "./plan.js";
import type { ComparedMetric, Comparison, StrategyResult } from "./result.js";

const METRICS: Readonly<
  Record<ComparedMetric, { value: (result: StrategyResult) => number | null; moreIsBetter: boolean }>
> = {
  "connection_overhead_ms.p50": { value: (result) => result.connection_overhead_ms.p50, moreIsBetter: false },
  "latency_ms.p50": { value: (result) => result.latency_ms.p50, moreIsBetter: false },
  "latency_ms.p95": { value: (result) => result.latency_ms.p95, moreIsBetter: false },
  throughput_per_second: { value: (result) => result.throughput_per_second, moreIsBetter: true },
};

/** Compares every two strategies, the one that does less to keep connections being the baseline. */
export function compareAll(results: readonly StrategyResult[]): Comparison[] {
  const inOrder = STRATEGY_NAMES.flatMap((name) => results.filter((result) => result.name === name));
  return inOrder.flatMap((baseline, at) =>
    inOrder
      .slice(at + 1)
      .flatMap((contender) =>
        (Object.keys(METRICS) as ComparedMetric[]).map((metric) => compare(baseline, contender, metric)),
      ),
  );
}

function compare(baseline: StrategyResult, contender: StrategyResult, metric: ComparedMetric): Comparison {
  const { value, moreIsBetter } = METRICS[metric];
  const before = value(baseline);
  const after = value(contender);
  const known = before !== null && after !== null;
  const [better, worse] = moreIsBetter ? [after, before] : [before, after];
  return {
    baseline: baseline.name,
    contender: contender.name,
    metric,
    baseline_value: before,
    contender_value: after,
    ratio: better !== null && worse !== null && worse > 0 ? better / worse : null,
    reduction_percent: known && before > 0 ? (1 - after / before) * 100 : null,
  };
}
