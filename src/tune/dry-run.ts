import type { TunePlan } from "./plan.js";
import { profileResult } from "./profile-result.js";
import type { TunePlanResult } from "./result.js";
import type { Site } from "./site.js";

/** What tuning would do, at most. */
export function planned(
  plan: TunePlan,
  _site: Pick<Site, "own" | "other" | "isEmbedded">,
): Pick<TunePlanResult, "profile" | "phases" | "connections" | "duration_ms" | "queries"> {
  return {
    profile: profileResult(plan.profile),
    phases: [],
    connections: plan.maxConnectionsTried,
    duration_ms: plan.budget,
    queries: 0,
  };
}
