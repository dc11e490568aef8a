import type { TunePlan } from "../plan.js";
import type { PlannedPhase } from "../result.js";
import { holdDuration } from "./prove.js";
import { STEADY_ROUNDS, steadyDuration, steadyOperations } from "./steady.js";

/** And operations after gaps. Whatever idles for a limit is pinged a few times, in no more than 19 pools. */
const MOST_PINGS = 1_000;

/** What proving takes at most: the longest limit that there may be decides. */
export function plannedProof(plan: TunePlan, isLocal: boolean): PlannedPhase {
  const { profile, maxIdle, maxConnectionsTried } = plan;
  const traffic = steadyDuration(profile);
  const idle = isLocal
    ? 0
    : Math.max(holdDuration(maxIdle), 3 * Math.min(profile.gap, holdDuration(maxIdle)));
  return {
    phase: "proof",
    what: `current against recommended: ${STEADY_ROUNDS} rounds under the workload's arrivals${isLocal ? "" : ", then idle beyond the limit that was found, if any"}`,
    connections: maxConnectionsTried,
    duration_ms: traffic + idle,
    queries: steadyOperations(profile) + MOST_PINGS,
  };
}
