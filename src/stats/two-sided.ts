import { normalCdf } from "./student-t.js";

/**
 * The two-sided p-value of an observed statistic whose exact null distribution is known: the probability of all
 * that lie at least as far from the expected value.
 *
 * @param weights how probable each value 0, 1, 2, … is, in any unit.
 */
export function exactPValue(weights: Float64Array, observed: number, expected: number): number {
  // All are whole numbers or halves, so the sliver only has to outweigh rounding.
  const distance = Math.abs(observed - expected) - 1e-9;
  let all = 0;
  let asFar = 0;
  for (const [value, weight] of weights.entries()) {
    all += weight;
    if (Math.abs(value - expected) >= distance) asFar += weight;
  }
  return asFar / all;
}

/**
 * The two-sided p-value of a statistic that is nearly normal under the null hypothesis.
 *
 * @param continuity half the step between neighbouring values of the statistic (Yates' correction).
 */
export function normalPValue(deviation: number, variance: number, continuity: number): number {
  const distance = Math.max(0, Math.abs(deviation) - continuity);
  return distance === 0 ? 1 : 2 * normalCdf(-distance / Math.sqrt(variance));
}
