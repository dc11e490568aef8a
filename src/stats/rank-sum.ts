import { doubledMidranks } from "./ranks.js";
import { exactPValue, normalPValue } from "./two-sided.js";

/** Up to so many values in all the distribution is exact: some 10 ms at most. */
const EXACT_UP_TO = 50;

/**
 * The two-sided Mann-Whitney U test (Wilcoxon rank-sum test) of two independent samples: is a value of one as
 * likely to be above as below a value of the other? (H. Mann & D. Whitney, "On a Test of Whether one of Two Random
 * Variables is Stochastically Larger than the Other", Annals of Mathematical Statistics 18, 1947.)
 *
 * The null distribution is that of the midranks at hand, every choice of them being equally likely: exact for up
 * to 50 values in all (shift algorithm: Streitberg & Röhmel, Statistical Software Newsletter 12, 1986), normal with
 * continuity correction beyond. Its variance, that of a sum drawn without replacement, takes account of ties.
 *
 * @returns U of `a`: the pairs in which its value is the greater, ties counting half; and p, which is 1 when a
 * sample is empty.
 */
export function rankSumTest(
  a: readonly number[],
  b: readonly number[],
): { statistic: number; pValue: number } {
  const ranks = doubledMidranks([...a, ...b]);
  const n = ranks.length;
  const rankSum = ranks.slice(0, a.length).reduce((sum, rank) => sum + rank, 0);
  const statistic = (rankSum - a.length * (a.length + 1)) / 2;
  // Midranks always add up to n(n+1)/2, so their mean is (n+1)/2, doubled n+1.
  const expected = a.length * (n + 1);
  if (n <= EXACT_UP_TO) {
    return { statistic, pValue: exactPValue(sumsOfChoices(ranks, a.length), rankSum, expected) };
  }
  const squares = ranks.reduce((sum, rank) => sum + ((rank - (n + 1)) / 2) ** 2, 0);
  const variance = (a.length * b.length * squares) / (n * (n - 1));
  return { statistic, pValue: normalPValue((rankSum - expected) / 2, variance, 0.5) };
}

/** In how many ways `size` of the numbers add up to each sum: at most C(50, 25), which a double holds exactly. */
function sumsOfChoices(numbers: readonly number[], size: number): Float64Array {
  const greatest = numbers.reduce((sum, number) => sum + number, 0);
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(greatest + 1));
  ways[0]?.fill(1, 0, 1);
  for (const number of numbers) {
    for (let chosen = size; chosen > 0; chosen--) {
      const [fewer, these] = [ways[chosen - 1], ways[chosen]];
      if (fewer === undefined || these === undefined) continue;
      for (let sum = number; sum <= greatest; sum++) {
        these[sum] = (these[sum] ?? 0) + (fewer[sum - number] ?? 0);
      }
    }
  }
  return ways[size] ?? new Float64Array(0);
}
