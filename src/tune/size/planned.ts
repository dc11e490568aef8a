import type { Milliseconds } from "../../core/duration.js";
import type { PlannedPhase } from "../result.js";
import { LONGEST } from "./find-size.js";
import { ladder, MOST_ROUNDS } from "./levels.js";
import { MOST_OPERATIONS } from "./sweep.js";

/** Levels around the knee, beside the ladder's. */
const AROUND = 4;
/** On the way up a level has two blocks, and a third after a failure; the first of all has a warm-up. */
const BLOCKS_UP = 3;

/** What finding the size takes, at most. Operations are far fewer where they take more than some 0.1 ms. */
export function plannedSize({
  maxConnections,
  budget,
}: {
  readonly maxConnections: number;
  readonly budget: Milliseconds;
}): PlannedPhase {
  const up = ladder(maxConnections);
  const blocks = 1 + up.length * BLOCKS_UP + (up.length + AROUND) * MOST_ROUNDS;
  return {
    phase: "size",
    what: `throughput at ${up.join(", ")} connections, as far as more bring more, in rounds of short blocks`,
    connections: maxConnections,
    duration_ms: Math.min(budget, LONGEST),
    queries: blocks * MOST_OPERATIONS,
  };
}
