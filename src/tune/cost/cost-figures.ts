import type { Milliseconds } from "../../core/duration.js";
import { leastCount } from "../../stats/summary.js";
import type { CostFigures } from "../result.js";

/** Sums up some durations; `null` where there are none. Percentiles are by nearest rank. */
export function costFigures(samples: readonly Milliseconds[]): CostFigures | null {
  const sorted = samples.toSorted((a, b) => a - b);
  const [min] = sorted;
  if (min === undefined) return null;
  const at = (share: number): Milliseconds => sorted[Math.ceil(sorted.length * share) - 1] ?? min;
  return {
    samples: sorted.length,
    min,
    p50: at(0.5),
    p95: sorted.length < leastCount("p95") ? null : at(0.95),
    p99: sorted.length < leastCount("p99") ? null : at(0.99),
    max: at(1),
  };
}
