import type { Milliseconds } from "../core/duration.js";
import type { Load } from "./load.js";

type OpenLoad = Extract<Load, { kind: "open" }>;

/**
 * When the next operation arrives, in milliseconds from the start of the schedule. A pure function: the same
 * draws give the same schedule.
 *
 * Constant: the nth at n/λ. Poisson: independent exponential gaps of mean 1/λ, by inversion (Devroye, Non-Uniform
 * Random Variate Generation, 1986, section II.2).
 * @param nth how many came before it.
 * @param last when the last of them did.
 * @param draw a random number in [0, 1).
 */
export function nextArrival(load: OpenLoad, nth: number, last: Milliseconds, draw: number): Milliseconds {
  const gap = 1_000 / load.perSecond;
  return load.arrivals === "constant" ? nth * gap : last - Math.log(1 - draw) * gap;
}
