import { decodeFromCompressedBase64, encodeIntoCompressedBase64, Int32Histogram } from "hdr-histogram-js";
import type { Milliseconds } from "../core/duration.js";
import type { Buckets } from "./buckets.js";
import { summarize, type Summary } from "./summary.js";

const NS_PER_MS = 1e6;
/** Values are kept to 0.1 %, from 1 ns up. */
const SIGNIFICANT_DIGITS = 3;
/** What HdrHistogram's own tools write. */
const TICKS_PER_HALF_DISTANCE = 5;

/**
 * Durations in constant memory, however many are recorded: an HDR histogram in nanoseconds, beside
 * the exact count, sum, least and greatest.
 * @see https://hdrhistogram.github.io/HdrHistogram/
 */
export class DurationHistogram {
  readonly #histogram = new Int32Histogram(1, 3600 * 1000 * NS_PER_MS, SIGNIFICANT_DIGITS);
  #sum: Milliseconds = 0;
  #min: Milliseconds = Infinity;
  #max: Milliseconds = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Records one duration; a negative one, which only a clock's rounding can produce, counts as 0. */
  record(duration: Milliseconds): void {
    const value = Math.max(0, duration);
    this.#histogram.recordValue(Math.round(value * NS_PER_MS));
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Adds all that another one has recorded. */
  add(other: DurationHistogram): void {
    this.#histogram.add(other.#histogram);
    this.#count += other.#count;
    this.#sum += other.#sum;
    this.#min = Math.min(this.#min, other.#min);
    this.#max = Math.max(this.#max, other.#max);
  }

  /** All that was recorded, to 0.1 %, as text: HdrHistogram's compressed V2 format in base64, in nanoseconds. */
  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  /** A histogram of what {@link buckets} tells. */
  static of({ values, counts }: Buckets): DurationHistogram {
    const histogram = new DurationHistogram();
    for (const [at, value] of values.entries()) {
      const count = counts[at] ?? 0;
      histogram.#histogram.recordValueWithCount(Math.round(value * NS_PER_MS), count);
      histogram.#count += count;
      histogram.#sum += value * count;
    }
    histogram.#min = values[0] ?? Infinity;
    histogram.#max = values.at(-1) ?? 0;
    return histogram;
  }

  /** Reads {@link encode}. @throws when the text is no such histogram. */
  static decode(text: string): DurationHistogram {
    const decoded = decodeFromCompressedBase64(text, 32);
    const histogram = new DurationHistogram();
    if (!(decoded instanceof Int32Histogram)) throw new TypeError("no histogram of 32-bit counts");
    histogram.#histogram.add(decoded);
    histogram.#count = decoded.totalCount;
    if (decoded.totalCount === 0) return histogram;
    histogram.#sum = (decoded.mean * decoded.totalCount) / NS_PER_MS;
    histogram.#min = decoded.getValueAtPercentile(0) / NS_PER_MS;
    histogram.#max = decoded.maxValue / NS_PER_MS;
    return histogram;
  }

  /** The percentile distribution in milliseconds, as HdrHistogram's tools plot it. */
  percentileDistribution(): string {
    return this.#histogram.outputPercentileDistribution(TICKS_PER_HALF_DISTANCE, NS_PER_MS);
  }

  /** What was recorded, each value to 0.1 %. */
  buckets(): Buckets {
    const values: number[] = [];
    const counts: number[] = [];
    const iterator = this.#histogram.recordedValuesIterator;
    iterator.reset();
    while (iterator.hasNext()) {
      const { valueIteratedTo, countAtValueIteratedTo } = iterator.next();
      values.push(valueIteratedTo / NS_PER_MS);
      counts.push(countAtValueIteratedTo);
    }
    return { values: Float64Array.from(values), counts: Float64Array.from(counts) };
  }

  summary(): Summary {
    return summarize({
      count: this.#count,
      mean: this.#sum / this.#count,
      min: this.#min,
      max: this.#max,
      percentile: (percent) =>
        Math.min(this.#max, Math.max(this.#min, this.#histogram.getValueAtPercentile(percent) / NS_PER_MS)),
    });
  }
}
