import type { Profile } from "./profile.js";
import type { ProfileResult } from "./result.js";

/** A profile as results tell it. */
export function profileResult(profile: Profile): ProfileResult {
  return {
    name: profile.name,
    operations_per_second: profile.perSecond,
    burst: profile.burst,
    gap_ms: profile.gap,
    writes: profile.writes,
    aims: profile.aims,
    keep_alive_interval_ms: profile.keepAliveInterval,
    stale_threshold_ms: profile.staleThreshold,
    source: profile.source,
  };
}
