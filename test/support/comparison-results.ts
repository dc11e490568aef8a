import type { MetricName } from "../../src/bench/metrics.js";
import type { Comparison, StrategyResult } from "../../src/bench/result.js";
import type { SummaryKey } from "../../src/stats/summary.js";

const ORDER: readonly string[] = ["unpooled", "client", "pool", "keepalive"];
const COMPARED: readonly MetricName[] = [
  "connection_overhead_ms.p50",
  "latency_ms.p50",
  "latency_ms.p95",
  "throughput_per_second",
];

/** Comparisons of every two strategies, and of each with its `…@base`; intervals reach 4 % to either side. */
export function comparisonsOf(strategies: readonly StrategyResult[]): Comparison[] {
  const own = strategies.filter(({ name }) => ORDER.includes(name));
  own.sort((one, other) => ORDER.indexOf(one.name) - ORDER.indexOf(other.name));
  const pairs = own.flatMap((baseline, at) =>
    own.slice(at + 1).map((contender) => [baseline, contender] as const),
  );
  const against = own.flatMap((contender) =>
    strategies
      .filter(({ name }) => name === `${contender.name}@base`)
      .map((base) => [base, contender] as const),
  );
  return [...pairs, ...against].flatMap(([baseline, contender]) =>
    COMPARED.map((metric) => comparison(baseline, contender, metric)),
  );
}

function comparison(baseline: StrategyResult, contender: StrategyResult, metric: MetricName): Comparison {
  const [before, after] = [figure(baseline, metric), figure(contender, metric)];
  const improved = metric === "throughput_per_second" ? [after, before] : [before, after];
  const [above, below] = improved;
  const ratio = above == null || below == null || below === 0 ? null : above / below;
  const interval = ratio === null ? null : { low: ratio * 0.96, high: ratio * 1.04 };
  return {
    baseline: baseline.name,
    contender: contender.name,
    metric,
    baseline_value: before,
    contender_value: after,
    ratio,
    ratio_interval_95: interval,
    rank_test_p: ratio === null ? null : 0.01,
    verdict:
      interval === null ? "unclear" : interval.low > 1 ? "better" : interval.high < 1 ? "worse" : "unclear",
    reduction_percent:
      before === null || after === null || before === 0 ? null : ((before - after) / before) * 100,
  };
}

function figure(result: StrategyResult, metric: MetricName): number | null {
  if (metric === "throughput_per_second") return result.throughput_per_second;
  const [family, statistic] = metric.split(".") as ["latency_ms" | "connection_overhead_ms", SummaryKey];
  return result[family][statistic];
}
