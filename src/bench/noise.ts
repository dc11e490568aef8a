import { ratioInterval, resampledRatios } from "../stats/bootstrap.js";
import { noiseFloor, noiseIn, smallestDetectable } from "../stats/detectable.js";
import type { FigureBook } from "./figures.js";
import type { MetricName } from "./metrics.js";
import type { StrategyName } from "./plan.js";
import type { NoiseResult } from "./result.js";

/** What the noise is told of. */
const METRICS: readonly MetricName[] = [
  "latency_ms.p50",
  "latency_ms.p95",
  "latency_ms.p99",
  "throughput_per_second",
];

/** What strategies differ by from their twins, which run the same code: all of it is noise. */
export function noiseOf(
  strategies: readonly StrategyName[],
  book: FigureBook,
  isPaced: boolean,
): NoiseResult[] {
  const metrics = METRICS.filter((metric) => !isPaced || metric !== "throughput_per_second");
  return strategies.flatMap((strategy) => metrics.map((metric) => noise(strategy, metric, book)));
}

function noise(strategy: StrategyName, metric: MetricName, book: FigureBook): NoiseResult {
  const own = book.figure(strategy, metric);
  const twin = book.figure(`${strategy}@again`, metric);
  const interval = ratioInterval(twin.resampled, own.resampled, own.rounds);
  const found = noiseIn(interval);
  const percent = (share: number): number => share * 100;
  return {
    strategy,
    metric,
    ratio: resampledRatios([twin.value], [own.value])[0] ?? null,
    ratio_interval_95: interval,
    noise_floor_percent: found === null ? null : percent(noiseFloor(found)),
    smallest_detectable_percent: found === null ? null : percent(smallestDetectable(found)),
  };
}
