import type { Interval } from "./bootstrap.js";
import { normalQuantile } from "./student-t.js";

/** By how much one sample lies above another: an estimate that single odd values cannot move far. */
export interface Shift {
  readonly estimate: number;
  /** `null` when there are too few values for any interval of this confidence. */
  readonly interval: Interval | null;
}

/** Up to so many values the distribution is exact. */
const EXACT_UP_TO = 50;

/**
 * The centre of paired differences: the median of all averages of two of them (J. Hodges & E. Lehmann, "Estimates of
 * Location Based on Rank Tests", Annals of Mathematical Statistics 34, 1963), and the interval of confidence
 * 1 - `alpha` that inverts the Wilcoxon signed-rank test (M. Hollander, D. Wolfe & E. Chicken, Nonparametric
 * Statistical Methods, 3rd ed., 2014, section 3.3). It assumes nothing of the differences but symmetry, which those of
 * identical code have whatever the noise is like: it is wrong at most as often as `alpha` says.
 *
 * @returns `null` for no differences; without an interval below 6 of them at 5 %, since P(W = 0) is 2^-n.
 */
export function pairedShift(differences: readonly number[], alpha = 0.05): Shift | null {
  const averages = differences.flatMap((one, at) => differences.slice(at).map((other) => (one + other) / 2));
  const n = differences.length;
  const left = n <= EXACT_UP_TO ? signedRankQuantile(n, alpha / 2) : normalRank(n, alpha / 2);
  return shiftOf(averages, left);
}

/**
 * By how much independent values `b` lie above `a`: the median of all differences between one of each, and the interval
 * that inverts the Mann-Whitney test (Hollander, Wolfe & Chicken 2014, section 4.2 and 4.3). It assumes that both
 * samples are distributed alike, but for the shift. `null` when one of them is empty.
 */
export function unpairedShift(a: readonly number[], b: readonly number[], alpha = 0.05): Shift | null {
  const differences = b.flatMap((after) => a.map((before) => after - before));
  const [m, n] = [a.length, b.length];
  const sd = Math.sqrt((m * n * (m + n + 1)) / 12);
  const left =
    m + n <= EXACT_UP_TO
      ? rankSumQuantile(m, n, alpha / 2)
      : Math.floor((m * n) / 2 + normalQuantile(alpha / 2) * sd);
  return shiftOf(differences, left);
}

/** @param left how many of the ordered values to leave out at each end, plus 1; 0 when there is no such interval. */
function shiftOf(values: readonly number[], left: number): Shift | null {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  const at = (place: number): number => sorted[place] ?? NaN;
  const middle = (sorted.length - 1) / 2;
  return {
    estimate: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    interval: left < 1 ? null : { low: at(left - 1), high: at(sorted.length - left) },
  };
}

function normalRank(n: number, p: number): number {
  const mean = (n * (n + 1)) / 4;
  const sd = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
  return Math.floor(mean + normalQuantile(p) * sd);
}

/** The least w with P(W <= w) >= p, for the signed-rank statistic of n values. */
function signedRankQuantile(n: number, p: number): number {
  let ways = new Float64Array([1]);
  for (let rank = 1; rank <= n; rank++) {
    const more = new Float64Array(ways.length + rank);
    for (const [sum, count] of ways.entries()) {
      more[sum] = (more[sum] ?? 0) + count / 2;
      more[sum + rank] = (more[sum + rank] ?? 0) + count / 2;
    }
    ways = more;
  }
  return quantile(ways, p);
}

/** The least u with P(U <= u) >= p, for the Mann-Whitney statistic of m and n values. */
function rankSumQuantile(m: number, n: number, p: number): number {
  // ways[k][u]: choices of k of the values so far, whose values of U add up to u (Mann & Whitney 1947, recursion 1).
  const ways = Array.from({ length: m + 1 }, () => new Float64Array(m * n + 1));
  (ways[0] ?? new Float64Array(1))[0] = 1;
  for (let value = 1; value <= m + n; value++) {
    for (let chosen = Math.min(m, value); chosen > 0; chosen--) {
      const [fewer, these] = [ways[chosen - 1], ways[chosen]];
      const below = value - chosen;
      if (fewer === undefined || these === undefined || below > n) continue;
      for (let u = m * n; u >= below; u--) these[u] = (these[u] ?? 0) + (fewer[u - below] ?? 0);
    }
  }
  const all = ways[m] ?? new Float64Array(1);
  const total = all.reduce((sum, count) => sum + count, 0);
  return quantile(
    all.map((count) => count / total),
    p,
  );
}

function quantile(probabilities: Float64Array, p: number): number {
  let sum = 0;
  for (const [value, probability] of probabilities.entries()) {
    sum += probability;
    if (sum >= p * (1 - 1e-12)) return value;
  }
  return probabilities.length - 1;
}
