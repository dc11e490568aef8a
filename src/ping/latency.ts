import type { Milliseconds } from "../core/duration.js";
import { DurationHistogram } from "../stats/histogram.js";
import { leastCount } from "../stats/summary.js";
import type { LatencyFigures } from "./result.js";

/** Latencies in constant memory, for the figures that ping(8) gives and two percentiles. */
export class Latency {
  readonly #histogram = new DurationHistogram();
  #mean = 0;
  /** The sum of squared differences from the mean. */
  #squares = 0;

  /** @see Welford, "Note on a method for calculating corrected sums of squares and products" (1962) */
  record(duration: Milliseconds): void {
    this.#histogram.record(duration);
    const before = duration - this.#mean;
    this.#mean += before / this.#histogram.count;
    this.#squares += before * (duration - this.#mean);
  }

  /** The standard deviation is that of a sample, divided by n - 1: one value has none. */
  figures(): LatencyFigures {
    const { count } = this.#histogram;
    const { min, mean, p50, p95, max } = this.#histogram.summary();
    const stddev = count < 2 ? null : Math.sqrt(this.#squares / (count - 1));
    const latency = { min, avg: mean, p50, p95, max, stddev };
    const needed = { min: 1, avg: 1, p50: leastCount("p50"), p95: leastCount("p95"), max: 1, stddev: 2 };
    const missing = (Object.keys(latency) as (keyof typeof latency)[]).filter((key) => latency[key] === null);
    return {
      pings: count,
      latency_ms: latency,
      null_reasons: Object.fromEntries(
        missing.map((key) => [
          key,
          `needs ${needed[key]} ${needed[key] === 1 ? "ping" : "pings"}, has ${count}`,
        ]),
      ),
    };
  }
}
