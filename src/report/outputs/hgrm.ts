import type { StrategyResult } from "../../bench/result.js";
import { DurationHistogram } from "../../stats/histogram.js";

/**
 * A contestant's latency as a percentile distribution in milliseconds, which HdrHistogram's tools plot: in an open
 * loop from the scheduled start, as in every other figure named latency.
 * @see https://hdrhistogram.github.io/HdrHistogram/plotFiles.html
 */
export function hgrm({ rounds }: StrategyResult): string {
  const whole = new DurationHistogram();
  for (const round of rounds) whole.add(DurationHistogram.decode(round.latency_hdr));
  return whole.percentileDistribution();
}
