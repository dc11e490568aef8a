import { doubledMidranks } from "./ranks.js";
import { exactPValue, normalPValue } from "./two-sided.js";

/** Up to so many differences the distribution is exact: half a millisecond at most. */
const EXACT_UP_TO = 50;

/**
 * The two-sided Wilcoxon signed-rank test of paired differences: are they symmetric about 0?
 * (F. Wilcoxon, "Individual Comparisons by Ranking Methods", Biometrics Bulletin 1, 1945.)
 *
 * Differences of equal size share midranks. Zeros are ranked with the others and then left out (J. Pratt,
 * "Remarks on Zeros and Ties in the Wilcoxon Signed Rank Procedures", JASA 54, 1959): leaving them out first could
 * make a difference more significant by moving it towards 0. All zero is p = 1.
 *
 * The null distribution is that of the ranks at hand, each sign being as likely as the other: exact for up to 50
 * differences (shift algorithm: Streitberg & Röhmel, Statistical Software Newsletter 12, 1986), normal with
 * continuity correction beyond, its variance Σ rank²/4 taking account of ties and zeros.
 *
 * @returns the sum of the ranks of the positive differences, and p; `null` for no differences. p cannot be less
 * than 2^(1-n): below 6 differences nothing is significant at 5 %.
 */
export function signedRankTest(differences: readonly number[]): { statistic: number; pValue: number } | null {
  if (differences.length === 0) return null;
  const all = doubledMidranks(differences.map(Math.abs));
  const ranks = all.filter((_, at) => differences[at] !== 0);
  const positive = all.filter((_, at) => (differences[at] ?? 0) > 0);
  const statistic = total(positive) / 2;
  return {
    statistic,
    pValue:
      differences.length <= EXACT_UP_TO
        ? exactPValue(sumsOfSubsets(ranks), 2 * statistic, total(ranks) / 2)
        : normalPValue(statistic - total(ranks) / 4, total(ranks.map((rank) => rank * rank)) / 16, 0.5),
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** How probable each sum is, when each of the numbers is in it with probability 1/2. */
function sumsOfSubsets(numbers: readonly number[]): Float64Array {
  const probability = new Float64Array(total(numbers) + 1);
  probability[0] = 1;
  let greatest = 0;
  for (const number of numbers) {
    greatest += number;
    for (let sum = greatest; sum >= 0; sum--) {
      probability[sum] = ((probability[sum] ?? 0) + (probability[sum - number] ?? 0)) / 2;
    }
  }
  return probability;
}
