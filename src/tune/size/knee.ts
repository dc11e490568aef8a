import { figureInterval } from "../../stats/bootstrap.js";
import {
  boundsCrossing,
  fitness,
  fitScalability,
  powerPeak,
  type Fitness,
  type Scalability,
  type ScalePoint,
} from "../../stats/scalability.js";
import { levelsCrossing, peakLevel } from "./levels.js";
import type { ScalabilityResult } from "./result.js";

/** The knee of a sweep. */
export interface Knee {
  readonly fit: ScalabilityResult | null;
  /** A whole number of connections; `null` when it was not reached. */
  readonly at: number | null;
  /** How far the fit misses a level, as a share, where that is so far that the levels decide; `null` where the fit does. */
  readonly misses: number | null;
}

/**
 * A law that misses a level by more says nothing of a knee. A hard limit, which is no case of the law, is missed by 12 to
 * 18 %; points of the law with 3 % of noise by 5 to 6 %.
 */
const FAR = 0.07;
/** The share of the resamples in which a knee may lie at the top, or beyond. */
const AT_THE_TOP = 0.05;

/**
 * Finds the knee: where power is greatest, but no higher than where the bounds cross. Where one resource serves K at a time
 * both are at K; a bend that is blurred, by what else is on the way, moves the first up more than the second. By the
 * law, or where the law does not fit by the levels alone. It is reached when it lies below the highest level, and does so
 * whichever rounds had been drawn.
 *
 * @param resampled the points as they would have been had other rounds been drawn
 * @param rounds how many there were to draw from
 */
export function findKnee(
  points: readonly ScalePoint[],
  resampled: readonly (readonly ScalePoint[])[],
  rounds: number,
): Knee {
  const top = Math.max(...points.map(({ concurrency }) => concurrency));
  const law = fitScalability(points);
  const fit = law && { ...law, ...fitness(law, points), knee: lawKnee(law) };
  const fits = fit === null ? [] : resampled.map((drawn) => lawKnee(fitScalability(drawn)));
  const isGood = fit !== null && fit.farthest <= FAR;
  const knee = isGood ? fit.knee : levelsKnee(points);
  const drawn = isGood ? fits : resampled.map(levelsKnee);
  const beyond = drawn.filter((one) => one === null || whole(one) >= top).length;
  const isReached = knee !== null && whole(knee) < top && beyond <= AT_THE_TOP * drawn.length;
  return {
    fit: fit && fitResult(fit, fits, top, rounds),
    at: isReached ? whole(knee) : null,
    misses: isGood || fit === null ? null : fit.farthest,
  };
}

/** The last connection has to be of use for nine tenths of it at least. */
function whole(knee: number): number {
  return Math.max(1, Math.floor(knee + 0.1));
}

function lawKnee(law: Scalability): number;
function lawKnee(law: Scalability | null): number | null;
function lawKnee(law: Scalability | null): number | null {
  return law && Math.min(powerPeak(law), boundsCrossing(law));
}

function levelsKnee(points: readonly ScalePoint[]): number | null {
  const peak = peakLevel(points);
  return peak && Math.max(1, Math.min(peak, levelsCrossing(points)));
}

/** What lies beyond the levels was not seen, so it is not told. */
function fitResult(
  { gamma, alpha, beta, rSquared, knee }: Scalability & Fitness & { readonly knee: number },
  fits: readonly (number | null)[],
  top: number,
  rounds: number,
): ScalabilityResult {
  const law = { gamma, alpha, beta, r_squared: rSquared };
  if (knee > top) return { ...law, knee: null, knee_interval_95: null };
  const upToTop = fits.map((one) => one && Math.min(one, top));
  return { ...law, knee, knee_interval_95: figureInterval(upToTop, rounds) };
}
