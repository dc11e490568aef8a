import type { Milliseconds } from "../../core/duration.js";
import type { CostFigures } from "../result.js";

const SHORTEST: Milliseconds = 500;
const LONGEST: Milliseconds = 2_000;
const TAILS = 10;
/** A database that is slow to answer is no connection that was lost: of the tail of its round trips, this much at least. */
const LEAST_TAILS = 3;

/** How long an answer is waited for before a connection is taken for lost, by the round trips over each transport. */
export function patienceFor(trips: readonly Pick<CostFigures, "p99" | "max">[]): Milliseconds {
  if (trips.length === 0) return LONGEST;
  const tail = Math.max(...trips.map(({ p99, max }) => p99 ?? max));
  return Math.max(LEAST_TAILS * tail, Math.min(LONGEST, Math.max(SHORTEST, TAILS * tail)));
}
