import type { Random } from "../core/random.js";
import { expandedTail } from "./expanded-tail.js";

/** From whole rounds drawn with replacement: each entry lists the rounds of one resample. */
export type Resamples = readonly Uint16Array[];

/** Two ends between which a figure lies with the confidence asked for. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** With fewer rounds there is nothing to resample. */
const LEAST_ROUNDS = 4;

/**
 * Draws resamples of whole rounds; none when there are too few rounds. Operations of one round share its luck, so
 * they are not independent, and resampling them singly would give intervals that are far too narrow (cluster
 * bootstrap: Davison & Hinkley, Bootstrap Methods and their Application, 1997, section 3.8).
 */
export function drawResamples(rounds: number, random: Random, resamples = 1_000): Resamples {
  if (rounds < LEAST_ROUNDS || !Number.isFinite(rounds)) return [];
  return Array.from({ length: resamples }, () =>
    Uint16Array.from({ length: rounds }, () => Math.floor(random() * rounds)),
  );
}

/**
 * The interval of a figure, of confidence 1 - `alpha`, from its values in the resamples: percentile interval,
 * expanded for few rounds. `null` when there are too few rounds, or when a resample has no value.
 *
 * Measured with 1,000 resamples on means of log-normal rounds, 1,500 experiments each (± 0.6 %): intervals that
 * say 95 % hold the truth in 94 % of all cases with 8 rounds or more, in 92 to 93 % with 5 or 6, and in 88 % with
 * 4, where the resamples run out: no interval can reach beyond the outermost of them. Those that say 99 % hold it
 * in 98 % with 10 rounds or more. Ratios fare as well where rounds vary by 50 % as where they vary by 10 %; a
 * single mean, which is then skewed, loses 1 to 4 % of coverage.
 */
export function figureInterval(
  values: readonly (number | null)[],
  rounds: number,
  alpha = 0.05,
): Interval | null {
  const known = values.filter((value) => value !== null);
  if (rounds < LEAST_ROUNDS || known.length === 0 || known.length < values.length) return null;
  const sorted = Float64Array.from(known).sort();
  const tail = expandedTail(rounds, alpha);
  const last = sorted.length - 1;
  const at = (share: number): number => sorted[Math.round(share * last)] ?? NaN;
  return { low: at(tail), high: at(1 - tail) };
}

/**
 * The interval of a ratio of two figures, from their values in the same resamples: rounds are paired, because
 * both strategies ran in each of them. Otherwise as {@link figureInterval}; `null` also where a denominator
 * is not positive.
 */
export function ratioInterval(
  numerator: readonly (number | null)[],
  denominator: readonly (number | null)[],
  rounds: number,
  alpha = 0.05,
): Interval | null {
  return figureInterval(resampledRatios(numerator, denominator), rounds, alpha);
}

/** The ratio of two figures in each resample; `null` where one is missing or the denominator is not positive. */
export function resampledRatios(
  numerator: readonly (number | null)[],
  denominator: readonly (number | null)[],
): (number | null)[] {
  return numerator.map((above, at) => {
    const below = denominator[at] ?? null;
    return above === null || below === null || below <= 0 ? null : above / below;
  });
}
