import type { WeightedQuery } from "../../bench/workload.js";
import type { Milliseconds } from "../../core/duration.js";
import { seededRandom } from "../../core/random.js";
import { statsError } from "../../watch/observe.js";
import type { Phased } from "../phase.js";
import type { Profile } from "../profile.js";
import type { Site, Way } from "../site.js";
import { conclude } from "./conclude.js";
import type { SizeResult } from "./result.js";
import { Search, type Found } from "./search.js";
import { Sweep } from "./sweep.js";

export interface SizePlan {
  readonly way: Way;
  readonly profile: Profile;
  /** What an operation is; only reads. */
  readonly queries: readonly WeightedQuery[];
  /** When it has to be over, on the site's clock. */
  readonly deadline: Milliseconds;
  /** The median round trip that was measured. */
  readonly roundTrip: Milliseconds;
  /** The most connections to try. */
  readonly maxConnections: number;
  readonly seed: number;
}

/** However much time there is. Some 10 s is usual; more where an operation takes more than 0.1 s. */
export const LONGEST: Milliseconds = 60_000;

/**
 * Finds out how many connections a profile needs on this database: concurrency is raised until that brings nothing, then
 * all levels are measured in turns, and where they bend is the most that is of use.
 * Never rejects for what a database does; afterwards nothing of it is open.
 */
export async function findSize(site: Site, plan: SizePlan): Promise<Phased<SizeResult>> {
  const { clock } = site;
  const until = Math.min(plan.deadline, clock.now() + LONGEST);
  const expiry = new AbortController();
  const timer = clock.schedule(Math.max(0, until - clock.now()), () => expiry.abort());
  const signal = AbortSignal.any([site.signal, expiry.signal]);
  const random = seededRandom(plan.seed);
  const sweep = new Sweep(site, plan.way, plan.queries, random, signal);
  let found: Found;
  try {
    const ceiling = Math.min(plan.maxConnections, site.seats.free);
    found = await new Search({
      site,
      sweep,
      random,
      until,
      signal,
      ceiling,
      roundTrip: plan.roundTrip,
    }).run();
  } finally {
    timer.cancel();
    await sweep.close();
  }
  const value = conclude(found, plan, seededRandom(plan.seed));
  return { value, queries: sweep.queries, ...ending(found, value !== null) };
}

function ending(
  { cut, error, rounds, planned }: Found,
  isFound: boolean,
): Pick<Phased<SizeResult>, "outcome" | "reason" | "error"> {
  if (cut === "interrupted") return { outcome: "cut short", reason: "interrupted", error: null };
  if (error !== undefined) {
    const { isDead } = error;
    if (isDead || !isFound) {
      const reason = isDead
        ? "the database could not be used any more"
        : "operations failed even one at a time";
      return { outcome: "failed", reason, error: statsError(error.error) };
    }
  }
  if (cut === null) return { outcome: "done", reason: null, error: null };
  const after = planned === 0 ? "before the levels were compared" : `after ${rounds} of ${planned} rounds`;
  return { outcome: "cut short", reason: `its time was up ${after}`, error: null };
}
