/** A distribution in few numbers: the values that occurred, ascending, and how often each did. */
export interface Buckets {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/** Two distributions as one. */
export function mergeBuckets(one: Buckets, other: Buckets): Buckets {
  const values = distinctValues([one, other]);
  const counts = new Float64Array(values.length);
  for (const source of [one, other]) {
    let place = 0;
    for (const [at, value] of source.values.entries()) {
      while (values[place] !== value) place++;
      counts[place] = (counts[place] ?? 0) + (source.counts[at] ?? 0);
    }
  }
  return { values, counts };
}

/**
 * Makes percentiles of several distributions, any of which may be counted several times or not at all:
 * what resampling asks for thousands of times.
 *
 * How many of a choice's values lie at or below a value is the sum of what each chosen distribution has there.
 * Those counts are tabled once, so a percentile costs a binary search, not a pass over all values.
 *
 * @returns a function of the indices of the distributions to count: for each percent the nearest-rank percentile
 * of all their values together, or `null` when they have none. An index that names none counts nothing.
 */
export function percentilesOf(
  distributions: readonly Buckets[],
  percents: readonly number[],
): (indices: Iterable<number>) => (number | null)[] {
  const values = distinctValues(distributions);
  const width = distributions.length;
  const atOrBelow = cumulativeCounts(distributions, values);
  const times = new Float64Array(width);
  const countAt = (place: number): number => {
    let count = 0;
    for (let at = 0; at < width; at++) count += (times[at] ?? 0) * (atOrBelow[place * width + at] ?? 0);
    return count;
  };
  return (indices) => {
    times.fill(0);
    for (const index of indices) times[index] = (times[index] ?? 0) + 1;
    const total = countAt(values.length - 1);
    return percents.map((percent) => {
      if (total === 0) return null;
      // The sliver keeps a whole rank whole: 0.07 * 100 is 7.000000000000001, and not rank 8.
      const rank = Math.max(1, Math.ceil((percent / 100) * total - 1e-9));
      let low = 0;
      let high = values.length - 1;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (countAt(middle) >= rank) high = middle;
        else low = middle + 1;
      }
      return values[low] ?? null;
    });
  };
}

/** Every value of any distribution once, ascending. */
function distinctValues(distributions: readonly Buckets[]): Float64Array {
  const all = new Float64Array(distributions.reduce((length, one) => length + one.values.length, 0));
  let length = 0;
  for (const { values } of distributions) {
    all.set(values, length);
    length += values.length;
  }
  all.sort();
  return all.filter((value, at) => at === 0 || value !== all[at - 1]);
}

/**
 * How many values each distribution has at or below each of `values`: a row per value, a column per distribution,
 * so that what one step of a search adds up lies together.
 */
function cumulativeCounts(distributions: readonly Buckets[], values: Float64Array): Float64Array {
  const width = distributions.length;
  const table = new Float64Array(values.length * width);
  for (const [column, one] of distributions.entries()) {
    let seen = 0;
    let next = 0;
    for (let place = 0; place < values.length; place++) {
      if (one.values[next] === values[place]) seen += one.counts[next++] ?? 0;
      table[place * width + column] = seen;
    }
  }
  return table;
}
