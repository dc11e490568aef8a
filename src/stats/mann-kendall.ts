import { normalPValue } from "./two-sided.js";

/**
 * The two-sided Mann-Kendall test for a monotone trend (H. Mann, "Nonparametric Tests Against Trend", Econometrica
 * 13, 1945; M. Kendall, Rank Correlation Methods, 4th ed., 1975, chapters 4 and 5, for ties and continuity): S
 * counts the later values that are above an earlier one, less those below. Normal approximation, which for few
 * values errs on the careful side: an exact p of 0.01 comes out as 0.013 for 10 values, as 0.016 for 7, and of 5
 * values none is below 0.027.
 */
export function mannKendall(series: readonly number[]): { statistic: number; pValue: number } {
  const n = series.length;
  let statistic = 0;
  for (const [at, earlier] of series.entries()) {
    for (const later of series.slice(at + 1)) statistic += Math.sign(later - earlier);
  }
  const variance = tripleTerm(n) - tieSizes(series).reduce((sum, ties) => sum + tripleTerm(ties), 0);
  // S goes in steps of 2 where nothing is tied.
  return { statistic, pValue: normalPValue(statistic, variance, 1) };
}

const tripleTerm = (n: number): number => (n * (n - 1) * (2 * n + 5)) / 18;

function tieSizes(values: readonly number[]): number[] {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()];
}
