import type { Interval } from "./bootstrap.js";
import { studentTQuantile } from "./student-t.js";

/**
 * How far a ratio's interval reaches from 1, either way, as a fraction: for identical code (an A/A run), what a
 * benchmark may take for a difference although there is none.
 */
export function noiseFloor({ low, high }: Interval): number {
  return Math.max(high, low > 0 ? 1 / low : Infinity) - 1;
}

/**
 * The least difference, as a fraction, that a two-sided test at `alpha` finds with probability `power`:
 * exp((t_(1-alpha/2) + t_power) SE) - 1, the sample size formula solved for the difference (J. Cohen, Statistical
 * Power Analysis for the Behavioral Sciences, 2nd ed., 1988, section 2.4; R. Lehr, Statistics in Medicine 11, 1992),
 * with Student's t for n-1 degrees of freedom, because the standard error is itself known from n rounds only.
 *
 * @param standardErrorOfLog of the logarithm of the ratio: rounds and strategies differ by factors.
 * @param rounds 2 or more.
 */
export function smallestDetectable(
  standardErrorOfLog: number,
  rounds: number,
  alpha = 0.05,
  power = 0.95,
): number {
  const reach = studentTQuantile(1 - alpha / 2, rounds - 1) + studentTQuantile(power, rounds - 1);
  return Math.expm1(reach * standardErrorOfLog);
}

/**
 * How many rounds it takes to find a difference of `wanted`, when `roundsNow` find one of `detectableNow`: the
 * standard error of a logarithm shrinks with the square root of the rounds. A little too many for few rounds, where
 * Student's t shrinks too.
 *
 * @returns a whole number of at least 1; `Infinity` when `wanted` is not positive.
 */
export function roundsNeeded(detectableNow: number, wanted: number, roundsNow: number): number {
  if (!(wanted > 0)) return Infinity;
  const shrink = Math.log1p(detectableNow) / Math.log1p(wanted);
  return Math.max(1, Math.ceil(roundsNow * shrink ** 2 * (1 - 1e-9)));
}
