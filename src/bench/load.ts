import type { Milliseconds } from "../core/duration.js";
import { invalidOption } from "../core/errors.js";

/** How arrivals of an open loop are spread: evenly, or as independent callers come (a Poisson process). */
export const ARRIVALS = ["constant", "poisson"] as const;
export type Arrivals = (typeof ARRIVALS)[number];

/** When operations begin. */
export type Load =
  /** Each caller begins an operation as soon as its last one has ended. */
  | { readonly kind: "closed" }
  /** Operations arrive at their own times, whether the database keeps up or not. */
  | { readonly kind: "open"; readonly perSecond: number; readonly arrivals: Arrivals }
  /** One operation after each pause in which nothing happens. */
  | { readonly kind: "gap"; readonly gap: Milliseconds };

/** Beyond this not even the schedule could be kept, whatever answers. */
export const MAX_RATE = 1_000_000;

/** Refuses a load that makes no sense, naming the flag. @throws {TursoPoolError} `INVALID_OPTION` */
export function checkLoad(load: Load): void {
  if (load.kind === "open" && !(load.perSecond > 0 && load.perSecond <= MAX_RATE)) {
    throw invalidOption("--rate", `${load.perSecond}/s`, `above 0/s and at most ${MAX_RATE}/s`);
  }
  if (load.kind === "gap" && !(load.gap > 0)) throw invalidOption("--gap", load.gap, "longer than nothing");
}
