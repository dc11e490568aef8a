import type { Milliseconds } from "../core/duration.js";

/** How many durations were longer than the bucket before, and not longer than this. */
export interface TimeBucket {
  /** `Infinity` for the last one, which takes all that is longer than 71 minutes. */
  readonly upToMs: Milliseconds;
  readonly count: number;
}

/** Durations that were recorded, at one moment. Frozen. */
export interface TimeDistribution {
  readonly count: number;
  readonly sumMs: Milliseconds;
  /** `null` before the first; so are the percentiles, which are exact to within 6.25 %. */
  readonly maxMs: Milliseconds | null;
  readonly p50Ms: Milliseconds | null;
  readonly p95Ms: Milliseconds | null;
  readonly p99Ms: Milliseconds | null;
  /** Those that are not empty, the shortest first. Some end at every power of two, from 2^-10 to 2^22 ms. */
  readonly buckets: readonly TimeBucket[];
}

const SHORTEST_EXPONENT = -10;
const LONGEST_EXPONENT = 22;
const PER_OCTAVE = 16;
const BUCKETS = (LONGEST_EXPONENT - SHORTEST_EXPONENT) * PER_OCTAVE;

/** The bits of a double that follow its sign: 11 of exponent, biased by 1023, and the first 4 of its fraction. */
const SHIFT = 16;
const OFFSET = (1023 + SHORTEST_EXPONENT) * PER_OCTAVE;
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
/** Which of the two words has the exponent depends on the machine. */
const HIGH = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;

/**
 * Counts durations in buckets, 16 to a power of two, in constant memory and in a few nanoseconds each: the first
 * bits of a floating-point number are the number of its bucket. (HDR histograms count alike, and take 10 times as long.)
 * @see https://github.com/HdrHistogram/HdrHistogram
 */
export class TimeHistogram {
  /** The first takes all that is shorter, the last all that is longer. */
  readonly #counts = new Uint32Array(BUCKETS + 2);
  #sum: Milliseconds = 0;
  #max: Milliseconds = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get sum(): Milliseconds {
    return this.#sum;
  }

  record(duration: Milliseconds): void {
    this.#count++;
    this.#sum += duration;
    if (duration > this.#max) this.#max = duration;
    double[0] = duration;
    const index = ((words[HIGH] ?? 0) >>> SHIFT) - OFFSET + 1;
    // A bound itself belongs to the bucket below it.
    const onBound = ((words[HIGH] ?? 0) & ((1 << SHIFT) - 1)) === 0 && words[1 - HIGH] === 0 ? 1 : 0;
    const bucket = Math.max(0, Math.min(index - onBound, BUCKETS + 1));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  /** @param atOnce how many more there were of no duration at all, which nobody took the time to record */
  snapshot(atOnce = 0): TimeDistribution {
    const buckets: TimeBucket[] = [];
    this.#counts.forEach((recorded, index) => {
      const count = index === 0 ? recorded + atOnce : recorded;
      if (count > 0) buckets.push(Object.freeze({ upToMs: upperBound(index), count }));
    });
    const count = this.#count + atOnce;
    const percentile = (share: number): Milliseconds | null => {
      let below = 0;
      const bucket = buckets.find((one) => (below += one.count) >= share * count);
      return bucket === undefined ? null : Math.min(bucket.upToMs, this.#max);
    };
    return Object.freeze({
      count,
      sumMs: this.#sum,
      maxMs: count === 0 ? null : this.#max,
      p50Ms: percentile(0.5),
      p95Ms: percentile(0.95),
      p99Ms: percentile(0.99),
      buckets: Object.freeze(buckets),
    });
  }
}

function upperBound(index: number): Milliseconds {
  if (index > BUCKETS) return Infinity;
  const octave = Math.floor(index / PER_OCTAVE);
  return 2 ** (SHORTEST_EXPONENT + octave) * (1 + (index % PER_OCTAVE) / PER_OCTAVE);
}
