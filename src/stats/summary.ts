import type { Milliseconds } from "../core/duration.js";

export const PERCENTILES = { p50: 50, p75: 75, p90: 90, p95: 95, p99: 99, p999: 99.9 } as const;
export type Percentile = keyof typeof PERCENTILES;

/** A figure of a summary, by its name in the JSON output. */
export type SummaryKey = "min" | "mean" | Percentile | "max";

/** Durations in a few figures, in milliseconds. A figure that the sample cannot support is `null`. */
export type Summary = Readonly<Record<SummaryKey, Milliseconds | null>>;

export interface Sample {
  readonly count: number;
  readonly mean: Milliseconds;
  readonly min: Milliseconds;
  readonly max: Milliseconds;
  readonly percentile: (percent: number) => Milliseconds;
}

/** Sums a sample up. */
export function summarize(sample: Sample): Summary {
  if (sample.count === 0) return EMPTY;
  const at = (name: Percentile): Milliseconds | null =>
    sample.count < leastCount(name) ? null : sample.percentile(PERCENTILES[name]);
  return {
    min: sample.min,
    mean: sample.mean,
    p50: at("p50"),
    p75: at("p75"),
    p90: at("p90"),
    p95: at("p95"),
    p99: at("p99"),
    p999: at("p999"),
    max: sample.max,
  };
}

/** The summary of nothing. */
export const EMPTY: Summary = {
  min: null,
  mean: null,
  p50: null,
  p75: null,
  p90: null,
  p95: null,
  p99: null,
  p999: null,
  max: null,
};

/**
 * The least sample that can carry a percentile: with fewer than 1/(1-q) values the nearest-rank
 * percentile is the maximum by another name (P99 of 50 values is the 50th).
 */
export function leastCount(name: Percentile): number {
  return Math.ceil(1 / (1 - PERCENTILES[name] / 100) - 1e-9);
}

/** Says for each figure that is `null` why it is. */
export function nullReasons(summary: Summary, count: number): Partial<Record<SummaryKey, string>> {
  const reasons: Partial<Record<SummaryKey, string>> = {};
  for (const key of Object.keys(summary) as SummaryKey[]) {
    if (summary[key] !== null) continue;
    const needed = key in PERCENTILES ? leastCount(key as Percentile) : 1;
    reasons[key] = `needs ${needed} operations, has ${count}`;
  }
  return reasons;
}
