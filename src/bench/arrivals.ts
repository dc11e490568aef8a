import type { Milliseconds } from "../core/duration.js";
import type { Load } from "./load.js";

type OpenLoad = Extract<Load, { kind: "open" }>;

/**
 * When the next operation arrives, in milliseconds from the start of the schedule. A pure function: the same
 * draws give the same schedule.
 *
 * Constant: every 1/λ, from a random phase, so that blocks of any length get as many as the rate says. Poisson:
 * independent exponential gaps of mean 1/λ, by inversion (Devroye, Non-Uniform Random Variate Generation, 1986,
 * section II.2).
 * @param last when the one before it arrived; `null` for the first.
 * @param draw a random number in [0, 1).
 */
export function nextArrival(load: OpenLoad, last: Milliseconds | null, draw: number): Milliseconds {
  const gap = 1_000 / load.perSecond;
  if (load.arrivals === "poisson") return (last ?? 0) - Math.log(1 - draw) * gap;
  return last === null ? draw * gap : last + gap;
}
