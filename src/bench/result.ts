import type { ErrorCode } from "../core/errors.js";
import type { Summary } from "../stats/summary.js";
import type { StrategyName } from "./plan.js";

/** Rises when the shape of a result changes so that its readers must change. */
export const SCHEMA_VERSION = 1;

/** What was measured of one strategy. Durations are in milliseconds. */
export interface StrategyResult {
  readonly name: StrategyName;
  /** Operations that succeeded. */
  readonly operations: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly first_error: { readonly code: ErrorCode; readonly message: string } | null;
  readonly latency_ms: Summary;
  readonly connection_overhead_ms: Summary;
  /** Why a figure above is `null`, by its path. */
  readonly null_reasons: Readonly<Record<string, string>>;
  /** Successful operations per second of its own blocks. */
  readonly throughput_per_second: number | null;
  /** Sockets opened in measured blocks. */
  readonly sockets_opened: number;
  /** Sockets, or handles of a local database, opened in measured blocks; `null` where the client hides them. */
  readonly connections_opened: number | null;
  readonly warmup: { readonly operations: number; readonly errors: number; readonly sockets_opened: number };
  /** How busy the load process and its host were in this strategy's blocks; `null` when none was run. */
  readonly instrument: {
    readonly event_loop_utilization: number;
    /** In processors: 1 is one of them all the time. */
    readonly cpu: number;
    readonly host_cpu: number;
  } | null;
  /** True when the load process was the limit, so that the figures are those of the instrument. */
  readonly instrument_limited: boolean;
  /** The pool's own statistics at the end. */
  readonly pool: Readonly<Record<string, unknown>> | null;
}

export type ComparedMetric =
  "connection_overhead_ms.p50" | "latency_ms.p50" | "latency_ms.p95" | "throughput_per_second";

/** How two strategies compare in one figure. */
export interface Comparison {
  readonly baseline: StrategyName;
  readonly contender: StrategyName;
  readonly metric: ComparedMetric;
  readonly baseline_value: number | null;
  readonly contender_value: number | null;
  /** How many times better the contender is: above 1 is better, whichever way the metric goes. */
  readonly ratio: number | null;
  /** Where the ratio lies with 95 % confidence; `null` with too few rounds to tell. */
  readonly ratio_interval_95: { readonly low: number; readonly high: number } | null;
  /** What can be said: the whole interval is on one side of 1, or it is not. */
  readonly verdict: "better" | "worse" | "unclear";
  /** By how much the contender's value is smaller, in percent of the baseline's; negative when it is greater. */
  readonly reduction_percent: number | null;
}

/** All that a run of `bench` found, and all that is needed to repeat it; holds no secret. */
export interface BenchResult {
  readonly schema_version: typeof SCHEMA_VERSION;
  readonly command: "bench";
  readonly interrupted: boolean;
  readonly started_at: string;
  readonly target: {
    readonly url: string;
    readonly transport: "http" | "ws" | "file" | "memory";
    readonly tls: boolean;
    readonly embedded: boolean;
  };
  readonly plan: {
    readonly strategies: readonly StrategyName[];
    readonly queries: readonly { readonly sql: string; readonly weight: number }[];
    readonly allow_writes: boolean;
    readonly loop: "closed";
    readonly concurrency: number;
    readonly operations: number | null;
    readonly duration_ms: number | null;
    readonly warmup_operations: number;
    readonly rounds: number;
    readonly seed: number;
    readonly settle_ms: number;
    readonly operation_timeout_ms: number;
    readonly connect_timeout_ms: number;
    readonly pool: Readonly<Record<string, number | boolean>>;
  };
  readonly host: Host;
  /** The least an operation can take here: the fastest of a few bare statements on an open connection. */
  readonly floor_ms: number;
  /** How late timers of the load process were: its own share in any latency. */
  readonly event_loop_delay_ms: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly strategies: readonly StrategyResult[];
  readonly comparisons: readonly Comparison[];
  readonly sockets: {
    readonly measured: number;
    readonly warmup: number;
    /** Opened to check the target and the statements before the load. */
    readonly preflight: number;
    readonly total: number;
    /** The embedded server's own count; `null` for any other target. */
    readonly accepted_by_server: number | null;
  };
}

export interface Host {
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpus: number;
  readonly cpu_model: string;
  readonly memory_bytes: number;
}
