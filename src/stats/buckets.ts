/** A distribution in few numbers: the values that occurred, ascending, and how often each did. */
export interface Buckets {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/**
 * Makes a percentile of several distributions, any of which may be counted several times or not at all:
 * what resampling asks for thousands of times.
 *
 * @returns a function of the indices of the distributions to count: the nearest-rank percentile of all their
 * values together, or `null` when they have none.
 */
export function percentileOf(
  distributions: readonly Buckets[],
  percent: number,
): (indices: Iterable<number>) => number | null {
  const values = Float64Array.from(new Set(distributions.flatMap((one) => [...one.values]))).sort();
  const places = new Map<number, number>([...values].map((value, place) => [value, place]));
  const rows = distributions.map((one) => {
    const row = new Float64Array(values.length);
    for (const [at, value] of one.values.entries()) row[places.get(value) ?? 0] = one.counts[at] ?? 0;
    return row;
  });
  const sums = new Float64Array(values.length);
  return (indices) => {
    sums.fill(0);
    let total = 0;
    for (const index of indices) {
      const row = rows[index];
      if (row === undefined) continue;
      for (let place = 0; place < row.length; place++) {
        const count = row[place] ?? 0;
        sums[place] = (sums[place] ?? 0) + count;
        total += count;
      }
    }
    const rank = Math.max(1, Math.ceil((percent / 100) * total - 1e-9));
    let seen = 0;
    for (let place = 0; place < sums.length; place++) {
      seen += sums[place] ?? 0;
      if (seen >= rank) return values[place] ?? null;
    }
    return null;
  };
}
