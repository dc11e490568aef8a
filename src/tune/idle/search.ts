import type { Milliseconds } from "../../core/duration.js";
import { cutsOf, type Cut, type Cuts, type Observation } from "./cuts.js";
import { explore } from "./explore.js";
import { NEARLY, type Search } from "./knowledge.js";
import { narrow } from "./narrow.js";

/** What to do next. */
export type Step =
  | {
      readonly kind: "go on";
      /** Connections to open, by how long they shall idle. */
      readonly begin: readonly Milliseconds[];
      /** No connection has to idle for longer: those that do are asked when they have idled so long. */
      readonly cap: Milliseconds;
    }
  | { readonly kind: "found" | "none" | "unsteady"; readonly cuts: Cuts };

/** Beyond this many connections in one layer what is found would not be worth what it costs. */
export const MOST_PROBES = 60;
/** The range that is left: this much, or the share of the limit, whichever is more. */
const LEAST_TOLERANCE: Milliseconds = 500;
/**
 * A limit that varies is not found any closer by trying again: when observations contradict each other, and there are so many
 * near it, a wider range will do.
 */
const SHARES: readonly (readonly [observations: number, share: number])[] = [
  [16, 0.04],
  [24, 0.1],
  [32, 0.2],
  [Infinity, 0.35],
];
/**
 * The search for an idle limit in one layer, as a pure function: from what is known to what to do next. It never waits for a
 * whole wave: each connection that comes free is used where it tells most. First a ladder of idle times up to `reach`, each
 * a multiple of the one before; when one is lost, the gap below it is divided among all connections at once; then both ends
 * are tried again, until two survivals and two losses bound a range that is narrow enough.
 */
export function nextStep(search: Search): Step {
  const { observations, waiting, reach } = search;
  const cuts = cutsOf(observations);
  const { best, range } = cuts;
  if (range.lower >= reach * NEARLY) return { kind: "none", cuts };
  const tolerance = toleranceNear(best, observations);
  if (range.upper - range.lower <= tolerance) return { kind: "found", cuts };
  if (observations.length >= MOST_PROBES) return { kind: "unsteady", cuts };
  if (best.upper === Infinity) return { kind: "go on", begin: explore(search, best), cap: Infinity };
  const { wanted, cap } = narrow(search, cuts, tolerance);
  const free = Math.max(0, search.seats - waiting.length);
  return { kind: "go on", begin: wanted.slice(0, free), cap };
}

function toleranceNear({ upper: limit, against }: Cut, observations: readonly Observation[]): Milliseconds {
  if (limit === Infinity) return 0;
  const near = observations.filter(({ idle }) => idle > limit / 1.3 && idle < limit * 1.3).length;
  const enough = against === 0 ? near / 2 : near;
  const share = SHARES.find(([most]) => enough <= most)?.[1] ?? 0;
  return Math.max(LEAST_TOLERANCE, limit * share);
}
