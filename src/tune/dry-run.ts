import { plannedCost } from "./cost/planned.js";
import { plannedIdle } from "./idle/planned.js";
import { SHARE_FOR_IDLE } from "./run-tune.js";
import type { TunePlan } from "./plan.js";
import { profileResult } from "./profile-result.js";
import { plannedProof } from "./proof/planned.js";
import type { PlannedPhase, TunePlanResult } from "./result.js";
import type { Site } from "./site.js";
import { plannedSize } from "./size/planned.js";

/** What tuning would do, at most: nothing is opened to find that out. */
export function planned(
  plan: TunePlan,
  { own, other }: Pick<Site, "own" | "other">,
): Pick<TunePlanResult, "profile" | "phases" | "connections" | "duration_ms" | "queries"> {
  const { budget, maxConnectionsTried, maxIdle, queries, profile } = plan;
  const isLocal = own.target.kind === "local";
  const idle = plannedIdle({
    targets: [own.target, ...(other === undefined ? [] : [other.target])],
    maxIdle,
    maxConnections: maxConnectionsTried,
    longest: SHARE_FOR_IDLE * budget,
  });
  const phases: PlannedPhase[] = [
    plannedCost(other === undefined ? 1 : 2, queries.length),
    ...(idle === null ? [] : [idle]),
    plannedSize({ maxConnections: maxConnectionsTried, budget }),
    plannedProof(plan, isLocal),
  ];
  const within = phases.map((phase) => ({ ...phase, duration_ms: Math.min(budget, phase.duration_ms) }));
  const sum = (of: "duration_ms" | "queries"): number =>
    within.reduce((total, phase) => total + phase[of], 0);
  return {
    profile: profileResult(profile),
    phases: within,
    connections: Math.max(...phases.map(({ connections }) => connections)),
    duration_ms: Math.min(budget, sum("duration_ms")),
    queries: sum("queries"),
  };
}
