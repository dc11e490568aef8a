import type { DistributionResult, PoolSnapshot } from "../../src/monitor/result.js";
import { snapshotOf } from "../../src/monitor/snapshot.js";
import { keepAlivePool } from "./pool-fixture.js";

type Parts = { readonly [Part in keyof PoolSnapshot]?: Partial<PoolSnapshot[Part]> | null };

/** A pool in which nothing happened but this. */
export function snapshotWith(parts: Parts = {}): PoolSnapshot {
  const fresh: object = { ...snapshotOf(keepAlivePool().pool), taken_at: "2026-01-02T03:04:05.000Z" };
  const merged = Object.entries(fresh).map(([name, value]: [string, unknown]) => {
    const part: unknown = parts[name as keyof PoolSnapshot];
    const isMerged = typeof part === "object" && part !== null && !Array.isArray(part);
    return [name, isMerged ? { ...(value as object), ...part } : (part ?? value)];
  });
  return Object.fromEntries(merged) as PoolSnapshot;
}

/** So many times each, by the bucket's bound. */
export function times(
  ...buckets: readonly (readonly [upTo: number | null, count: number])[]
): DistributionResult {
  const count = buckets.reduce((sum, [, number]) => sum + number, 0);
  const last = buckets.at(-1)?.[0] ?? null;
  return {
    ...{ count, sum_ms: count, max_ms: last, p50_ms: last, p95_ms: last, p99_ms: last },
    buckets: buckets.map(([up_to_ms, number]) => ({ up_to_ms, count: number })),
  };
}
