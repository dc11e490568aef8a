import type { Milliseconds } from "../core/duration.js";
import type { SnakeCased } from "../core/snake-case.js";
import type { Evictions } from "../pool/entry.js";
import type { Figures, KeepAliveStatistics } from "../pool/statistics.js";
import type { TimeBucket, TimeDistribution } from "../pool/time-histogram.js";

export const SNAPSHOT_VERSION = 1;

/** A pool at one moment, as `/statistics.json` shows it: see `docs/statistics.schema.json`. */
export interface PoolSnapshot {
  readonly schema_version: typeof SNAPSHOT_VERSION;
  readonly name: string;
  /** ISO 8601, by the wall clock. */
  readonly taken_at: string;
  readonly config: PoolConfigResult;
  readonly statistics: PoolFigures;
  readonly evictions: Evictions;
  /** How long each connection that a caller holds has been held, the longest first. */
  readonly lease_ages_ms: readonly Milliseconds[];
  readonly wait_time: DistributionResult;
  readonly use_time: DistributionResult;
  readonly create_time: DistributionResult;
  /** What was counted beside the pool; `null` when nobody did. */
  readonly sockets: SocketCounts | null;
}

/** The options in force; `null` is no limit. A plain `ConnectionPool` has none of the last three. */
export interface PoolConfigResult {
  readonly min_connections: number;
  readonly max_connections: number;
  readonly connection_timeout_ms: Milliseconds | null;
  readonly max_waiters: number | null;
  readonly enable_pooling: boolean;
  readonly enable_health_check: boolean;
  readonly health_check_timeout_ms: Milliseconds | null;
  readonly max_lifetime_ms: Milliseconds | null;
  readonly idle_timeout_ms: Milliseconds | null;
  readonly leak_threshold_ms: Milliseconds | null;
  readonly enable_keepalive: boolean;
  readonly enable_proactive_ping: boolean;
  readonly keep_alive_interval_ms: Milliseconds | null;
  readonly stale_threshold_ms: Milliseconds | null;
  readonly ping_timeout_ms: Milliseconds | null;
}

/** The statistics of a pool by the guide's names; those of keep-alive are 0 in a pool without. */
export type PoolFigures = SnakeCased<Omit<Figures<KeepAliveStatistics>, "evictions">>;

/** See {@link TimeDistribution}. */
export type DistributionResult = Omit<SnakeCased<TimeDistribution>, "buckets"> & {
  readonly buckets: readonly (Omit<SnakeCased<TimeBucket>, "up_to_ms"> & {
    /** `null` for the last one, which has no bound. */
    readonly up_to_ms: Milliseconds | null;
  })[];
};

/** Sockets as they were counted where Node opens them. */
export interface SocketCounts {
  readonly opened: number;
  readonly open: number;
}

/** The rules by which a pool is said to be in need of attention. */
export type AlertRule =
  "refresh-rate" | "ping-failures" | "pool-exhaustion" | "suspected-leaks" | "keep-alive-not-holding";

/** Something about a pool that somebody should look at. */
export interface Alert {
  readonly rule: AlertRule;
  /** What was seen, with its figures: `3 of 20 connections were refreshed (15 %)`. */
  readonly seen: string;
  /** The rule in words: `more than 10 % of the connections created`. */
  readonly limit: string;
  /** What to do, with values: `raise staleThreshold from 60s to 120s`. */
  readonly remedy: string;
  /** What the remedy sets, where it is options of the pool; durations in milliseconds. */
  readonly settings: readonly AlertSetting[];
  /** Where more is said of it: a file of this package, and its heading. */
  readonly docs: string;
}

export interface AlertSetting {
  /** As the library's option is called. */
  readonly option: string;
  /** `null` for no limit. */
  readonly from: number | boolean | null;
  readonly to: number | boolean;
}
