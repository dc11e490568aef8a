import type { PlannedPhase } from "../result.js";
import {
  LONGEST_ROUND,
  OPENS_PER_ROUND,
  PREFLIGHT_QUERIES,
  QUERIES_PER_ROUND,
  ROUNDS,
} from "./measure-cost.js";

/** What measuring the cost takes at most, over so many ways. */
export function plannedCost(ways: number, operations: number): PlannedPhase {
  return {
    phase: "cost",
    what: `${ROUNDS} rounds of ${OPENS_PER_ROUND} openings and ${QUERIES_PER_ROUND} statements over each transport`,
    connections: 1,
    duration_ms: ways * ROUNDS * LONGEST_ROUND,
    queries: ways * (PREFLIGHT_QUERIES + operations + ROUNDS * QUERIES_PER_ROUND),
  };
}
