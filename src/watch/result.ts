import type { TargetResult } from "../libsql/target-result.js";
import type { ErrorCode } from "../core/errors.js";
import type { Alert, PoolSnapshot } from "../monitor/result.js";

// Shapes of the output: docs/stats-result.schema.json. Times are in milliseconds.

export interface StatsError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
}

/** What happened since the look before, by the pool's own clock; `null` where it cannot be told. */
export interface Rates {
  readonly checkouts_per_second: number | null;
  readonly wait_p95_ms: number | null;
  readonly use_p95_ms: number | null;
}

/** One look at the pool: a line of `--json-lines`. */
export interface LookResult {
  readonly schema_version: 1;
  readonly type: "look";
  /** Since it began to be watched. */
  readonly elapsed_ms: number;
  /** Its counts began anew since the look before: the application was restarted. */
  readonly restarted: boolean;
  readonly rates: Rates;
  /** `null` when the application did not answer; `error` says why. */
  readonly snapshot: PoolSnapshot | null;
  readonly alerts: readonly Alert[];
  readonly error: StatsError | null;
}

/** What became of the operations of the light load. Each is in one of these counts. */
export interface LoadResult {
  readonly rate_per_second: number;
  readonly concurrency: number;
  /** Those that were due. */
  readonly scheduled: number;
  /** Those that were answered. */
  readonly operations: number;
  /** Those that failed, at opening a connection or afterwards. */
  readonly errors: number;
  /** Those whose statement missed its deadline. */
  readonly timeouts: number;
  /** Those that waited for a connection for as long as a caller does, and got none. */
  readonly no_connection: number;
  /** Those that were due when it ended, and had found no caller until then. */
  readonly never_started: number;
  /** Those of the others that began late, as all callers were busy when they were due. */
  readonly found_no_caller: number;
  readonly first_error: StatsError | null;
}

/** At the end of `--idle` every connection is used, all at the same time. */
export interface RollCallResult {
  /** Connections that were open from the start, less those that the pool closed for their age. */
  readonly connections: number;
  /** Those of them that answered. */
  readonly kept: number;
  /** Those of them that the pool took for sound, and that did not answer. */
  readonly silent: number;
  /** How many were asked for, and how many of those answered, on whatever socket. */
  readonly calls: number;
  readonly answered: number;
}

/** What another process's pool is watched through. */
export interface AttachedResult {
  readonly kind: "url" | "socket" | "file";
  /** Without secrets. */
  readonly address: string;
  /** Looks that got no statistics. */
  readonly missed: number;
  /** Times that the counts began anew. */
  readonly restarts: number;
}

/** All that was seen of a pool: what `--json` prints, and the last line of `--json-lines`. */
export interface StatsResult {
  readonly schema_version: 1;
  readonly type: "summary";
  readonly command: "stats";
  readonly mode: "load" | "idle" | "attach";
  readonly started_at: string;
  readonly duration_ms: number;
  readonly interrupted: boolean;
  /** The database; `null` with `--attach`. */
  readonly target: TargetResult | null;
  readonly attached: AttachedResult | null;
  readonly load: LoadResult | null;
  readonly roll_call: RollCallResult | null;
  /** Whether all connections outlived their idleness; `null` unless a roll was called, and where that does not tell. */
  readonly keep_alive_holds: boolean | null;
  readonly snapshot: PoolSnapshot;
  readonly alerts: readonly Alert[];
  /** Why the last look got no statistics. */
  readonly error: StatsError | null;
}
