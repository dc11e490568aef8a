import type { Interval } from "./bootstrap.js";

/** How far two measurements of identical code lie apart, in logarithms, because rounds differ by factors. */
export interface Noise {
  /** How far the 95 % interval of their ratio reaches from 1. */
  readonly reach: number;
  /** Half of its width. */
  readonly spread: number;
}

/**
 * A difference has to be this many times the half-width of a 95 % interval to be found 95 times in 100:
 * (z_0.975 + z_0.95) / z_0.975, the sample size formula solved for the difference (J. Cohen, Statistical Power
 * Analysis for the Behavioral Sciences, 2nd ed., 1988, section 2.4; R. Lehr, Statistics in Medicine 11, 1992).
 */
const POWER = 1.839;

/** The noise in a ratio of identical code's figures; `null` when its interval says nothing. */
export function noiseIn(ratio: Interval | null): Noise | null {
  if (ratio === null || ratio.low <= 0) return null;
  const [low, high] = [Math.log(ratio.low), Math.log(ratio.high)];
  return { reach: Math.max(high, -low), spread: (high - low) / 2 };
}

/** The noise of several independent figures that are multiplied or divided: variances add. `null` if one is not known. */
export function together(noises: readonly (Noise | null)[]): Noise | null {
  const known = noises.filter((noise) => noise !== null);
  if (known.length < noises.length) return null;
  return {
    reach: Math.hypot(...known.map(({ reach }) => reach)),
    spread: Math.hypot(...known.map(({ spread }) => spread)),
  };
}

/** How far the interval reaches from 1, either way, as a fraction: what may be taken for a difference though there is none. */
export function noiseFloor({ reach }: Noise): number {
  return Math.expm1(reach);
}

/** The least difference, as a fraction, that is found 95 times in 100; never less than what identical code showed. */
export function smallestDetectable({ reach, spread }: Noise): number {
  return Math.expm1(Math.max(reach, POWER * spread));
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
