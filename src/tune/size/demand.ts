import type { Milliseconds } from "../../core/duration.js";
import type { Profile } from "../profile.js";

/** The connections that a profile wants, whatever the database makes of them. */
export interface Demand {
  /** On average, by Little's law, were there no single writer. */
  readonly load: number;
  /** On average, writes being one at most. */
  readonly busy: number;
  /** Beyond that, for operations that come together. */
  readonly headroom: number;
}

/**
 * Connections busy on average by Little's law, L = λW (J. Little, "A Proof for the Queuing Formula: L = λW", Operations
 * Research 9, 1961), and what is needed beyond that: a burst that arrives at once wants a connection for each of its
 * operations, and where operations come one by one, chance brings some together: two standard deviations of a Poisson
 * number, 2√L (square-root staffing: W. Whitt, "Understanding the Efficiency of Multi-Server Service Systems", Management
 * Science 38, 1992).
 *
 * Of the operations that write, SQLite lets one at a time, so they want one connection together.
 * @param operation how long an operation takes when nothing else runs
 */
export function demandOf(
  { perSecond, burst, writes }: Pick<Profile, "perSecond" | "burst" | "writes">,
  operation: Milliseconds,
): Demand {
  const load = (perSecond * operation) / 1_000;
  const busy = load * (1 - writes) + Math.min(1, load * writes);
  const together = burst * (1 - writes) + Math.min(1, burst * writes);
  return { load, busy, headroom: Math.max(together - 1, 2 * Math.sqrt(busy)) };
}

/** The whole number of connections that it comes to, from 1 to `most`. */
export function connectionsFor({ busy, headroom }: Demand, most: number): number {
  // The sliver keeps a whole number whole: 0.1 + 0.2 connections and 2.7 of headroom are 3.
  return Math.max(1, Math.min(most, Math.ceil(busy + headroom - 1e-9)));
}
