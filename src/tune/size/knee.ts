import { figureInterval } from "../../stats/bootstrap.js";
import { fitness, fitScalability, powerPeak, type ScalePoint } from "../../stats/scalability.js";
import { peakLevel } from "./levels.js";
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
 * Finds the knee by the law, or where the law does not fit by the levels alone. It is reached when it lies below the highest
 * level, and does so whichever rounds had been drawn.
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
  const peaks = law === null ? [] : resampled.map((drawn) => lawPeak(drawn));
  const told = law === null ? null : { ...law, ...fitness(law, points), peak: powerPeak(law) };
  const fit: ScalabilityResult | null = told && {
    gamma: told.gamma,
    alpha: told.alpha,
    beta: told.beta,
    r_squared: told.rSquared,
    knee: told.peak > top ? null : told.peak,
    knee_interval_95: told.peak > top ? null : figureInterval(peaks.map(upTo(top)), rounds),
  };
  const isGood = told !== null && told.farthest <= FAR;
  // The law rounds off the bend of a limit that is blurred, and puts it behind the level with the most power.
  const peakOf = (some: readonly ScalePoint[], itsPeak: number | null): number | null =>
    isGood && itsPeak !== null ? Math.min(itsPeak, peakLevel(some, 1) ?? itsPeak) : peakLevel(some);
  const peak = peakOf(points, told?.peak ?? null);
  const drawn = resampled.map((some, at) => peakOf(some, peaks[at] ?? null));
  const beyond = drawn.filter((one) => one === null || Math.round(one) >= top).length;
  const isReached = peak !== null && Math.round(peak) < top && beyond <= AT_THE_TOP * drawn.length;
  return {
    fit,
    at: isReached ? Math.round(peak) : null,
    misses: isGood || told === null ? null : told.farthest,
  };
}

function upTo(top: number): (peak: number | null) => number | null {
  return (peak) => peak && Math.min(peak, top);
}

function lawPeak(points: readonly ScalePoint[]): number | null {
  const law = fitScalability(points);
  return law && powerPeak(law);
}
