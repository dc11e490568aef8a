import type { Random } from "../core/random.js";
import { expandedTail } from "./expanded-tail.js";

/** From whole rounds drawn with replacement: each entry lists the rounds of one resample. */
export type Resamples = readonly Uint16Array[];

/** Two ends between which a figure lies with 95 % confidence. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 1_000;
/** With fewer rounds there is nothing to resample. */
const LEAST_ROUNDS = 4;

/**
 * Draws resamples of whole rounds. Operations of one round share its luck, so they are not independent, and
 * resampling them singly would give intervals that are far too narrow (cluster bootstrap: Davison & Hinkley,
 * Bootstrap Methods and their Application, 1997, section 3.8).
 */
export function drawResamples(rounds: number, random: Random): Resamples {
  if (rounds < LEAST_ROUNDS || !Number.isFinite(rounds)) return [];
  return Array.from({ length: RESAMPLES }, () =>
    Uint16Array.from({ length: rounds }, () => Math.floor(random() * rounds)),
  );
}

/**
 * The 95 % interval of a ratio of two statistics, from their values in the same resamples: rounds are paired,
 * because both strategies ran in each of them. Percentile interval, expanded for few rounds.
 * `null` when there are too few rounds, or when a resample has no value.
 */
export function ratioInterval(
  numerator: readonly (number | null)[],
  denominator: readonly (number | null)[],
  rounds: number,
): Interval | null {
  const ratios: number[] = [];
  for (const [at, above] of numerator.entries()) {
    const below = denominator[at];
    if (above === null || below === null || below === undefined || below <= 0) return null;
    ratios.push(above / below);
  }
  if (ratios.length === 0) return null;
  ratios.sort((a, b) => a - b);
  const tail = expandedTail(rounds);
  const last = ratios.length - 1;
  const at = (share: number): number => ratios[Math.round(share * last)] ?? NaN;
  return { low: at(tail), high: at(1 - tail) };
}
