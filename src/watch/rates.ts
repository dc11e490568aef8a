import type { Milliseconds } from "../core/duration.js";
import type { DistributionResult, PoolSnapshot } from "../monitor/result.js";
import type { Rates } from "./result.js";

export const NO_RATES: Rates = { checkouts_per_second: null, wait_p95_ms: null, use_p95_ms: null };

/** What happened between two looks at one pool. */
export function ratesBetween(before: PoolSnapshot, after: PoolSnapshot): Rates {
  const seconds = (after.statistics.uptime_ms - before.statistics.uptime_ms) / 1_000;
  const checkouts = after.statistics.total_checkouts - before.statistics.total_checkouts;
  return {
    checkouts_per_second: seconds > 0 ? checkouts / seconds : null,
    wait_p95_ms: p95Between(before.wait_time, after.wait_time),
    use_p95_ms: p95Between(before.use_time, after.use_time),
  };
}

/** By how much the application's wall clock may be set in between without that being taken for a restart. */
const TOLERANCE: Milliseconds = 1_000;

/** Whether the counts began anew in between: what is counted never becomes less, and a pool has one beginning. */
export function isRestarted(before: PoolSnapshot, after: PoolSnapshot): boolean {
  const isLess = (["uptime_ms", "total_checkouts", "total_created", "total_proactive_pings"] as const).some(
    (name) => after.statistics[name] < before.statistics[name],
  );
  return isLess || beginning(after) - beginning(before) > TOLERANCE;
}

function beginning({ taken_at, statistics }: PoolSnapshot): Milliseconds {
  return Date.parse(taken_at) - statistics.uptime_ms;
}

/** By nearest rank, of what was recorded in between; exact to a bucket's width. */
function p95Between(before: DistributionResult, after: DistributionResult): Milliseconds | null {
  const earlier = new Map(before.buckets.map(({ up_to_ms: bound, count }) => [bound, count]));
  const fresh = after.buckets.map(({ up_to_ms: bound, count }) => ({
    bound,
    count: count - (earlier.get(bound) ?? 0),
  }));
  const rank = 0.95 * fresh.reduce((sum, { count }) => sum + count, 0);
  let below = 0;
  const bucket = fresh.find(({ count }) => count > 0 && (below += count) >= rank);
  return bucket === undefined ? null : Math.min(bucket.bound ?? Infinity, after.max_ms ?? Infinity);
}
