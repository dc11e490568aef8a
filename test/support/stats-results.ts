import type { PoolSnapshot } from "../../src/monitor/result.js";
import type { LoadResult, LookResult, StatsResult } from "../../src/watch/result.js";
import { snapshotWith, times } from "./snapshots.js";

/** A pool under a light load, and all was well. */
export const SOUND: PoolSnapshot = snapshotWith({
  statistics: {
    uptime_ms: 30_020,
    total_created: 2,
    total_connections_created: 2,
    total_checkouts: 300,
    total_reuses: 298,
    total_proactive_pings: 14,
    total_health_checks_passed: 0,
    idle_connections: 2,
    peak_waiting: 2,
    avg_wait_time_ms: 0.0623,
    longest_wait_ms: 12.44,
    avg_open_time_ms: 11.9,
    avg_time_saved_per_reuse_ms: 11.8,
  },
  wait_time: times([2 ** -10, 297], [3, 1], [11.5, 1], [12.5, 1]),
  use_time: { ...times([1.75, 12], [2.5, 240], [3.5, 44], [28, 4]), p50_ms: 2.5, p95_ms: 3.5 },
  sockets: { opened: 2, open: 2 },
});

export const LOAD: LoadResult = {
  ...{ rate_per_second: 10, concurrency: 4, scheduled: 300, operations: 300, errors: 0, timeouts: 0 },
  ...{ no_connection: 0, never_started: 0, found_no_caller: 0, first_error: null },
};

export function statsResult(parts: Partial<StatsResult> = {}): StatsResult {
  return {
    ...({ schema_version: 1, type: "summary", command: "stats", mode: "load" } as const),
    ...{ started_at: "2026-01-02T03:04:05.000Z", duration_ms: 30_012, interrupted: false },
    target: { url: "wss://localhost:34723", transport: "ws", tls: true, embedded: true, network: null },
    ...{ attached: null, load: LOAD, roll_call: null, keep_alive_holds: null },
    ...{ snapshot: SOUND, alerts: [], error: null },
    ...parts,
  };
}

export function lookResult(parts: Partial<LookResult> = {}): LookResult {
  return {
    ...({ schema_version: 1, type: "look", elapsed_ms: 12_003, restarted: false } as const),
    rates: { checkouts_per_second: 10.02, wait_p95_ms: 2 ** -10, use_p95_ms: 3.5 },
    ...{ snapshot: SOUND, alerts: [], error: null },
    ...parts,
  };
}
