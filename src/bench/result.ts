import type { ErrorCode } from "../core/errors.js";
import type { TargetResult } from "../libsql/target-result.js";
import type { Interval } from "../stats/bootstrap.js";
import type { Summary } from "../stats/summary.js";
import type { MetricName } from "./metrics.js";
import type { StrategyName } from "./plan.js";

export type { TargetResult };

/** Rises when the shape of a result changes so that its readers must change. */
export const SCHEMA_VERSION = 2;

/** One block of a contestant: what intervals are made from, here and wherever results are compared. */
export interface RoundResult {
  readonly operations: number;
  readonly failed: number;
  readonly elapsed_ms: number;
  /** HDR histograms of nanoseconds, compressed, in base64: HdrHistogram's V2 format. */
  readonly latency_hdr: string;
  /** `null` where it is the latency: nothing waits for a worker in a closed loop. */
  readonly service_latency_hdr: string | null;
  readonly connection_overhead_hdr: string;
}

/** How an open loop kept its schedule. */
export interface ScheduleResult {
  /** Operations that were due. */
  readonly scheduled: number;
  /** How many of them came when all workers were busy, and waited for one; that wait is in their latency. */
  readonly found_no_worker: number;
  /** How many were not started any more when the time was up: their latency is in no figure, and was longer. */
  readonly never_started: number;
  /** How late the load process was itself to start an operation for which there was a worker. */
  readonly lag_ms: Summary;
}

/** What the load process saw of itself, and of its host, in one contestant's blocks. */
export interface InstrumentResult {
  /** The share of the time in which its event loop was busy; of an open loop at least, since polling is taken off whole. */
  readonly event_loop_utilization: number;
  /** Processor time, in processors: 1 is one of them all the time. */
  readonly cpu: number;
  /** The share of all the host's processors in use, by whomever. */
  readonly host_cpu: number;
  /** The share of the time spent on collecting garbage, and the longest pause for it. */
  readonly gc: number;
  readonly gc_max_ms: number;
}

/** Whether a contestant's rounds were alike. */
export interface StationarityResult {
  /** The first block was unlike all others: the warm-up was too short. */
  readonly first_round_differs: boolean;
  /** The first block's median latency over the others'; `null` with fewer than 5 rounds. */
  readonly first_round_ratio: number | null;
  /** Medians rose or fell throughout the run. */
  readonly drifts: boolean;
  /** Mann-Kendall test of the medians against time; `null` with too few rounds. */
  readonly trend_p: number | null;
}

/** What was measured of one contestant. Durations are in milliseconds. */
export interface StrategyResult {
  /** The strategy's name, `…@base` on the second database, `…@again` for its twin. */
  readonly name: string;
  readonly strategy: StrategyName;
  /** Operations that succeeded. */
  readonly operations: number;
  readonly errors: number;
  readonly timeouts: number;
  readonly first_error: { readonly code: ErrorCode; readonly message: string } | null;
  /** From the scheduled start in an open loop, so that a stall is charged to every operation that it delayed. */
  readonly latency_ms: Summary;
  /** From the actual start. The same in a closed loop. */
  readonly service_latency_ms: Summary;
  readonly connection_overhead_ms: Summary;
  /** Successful operations per second of its own blocks; `null` after gaps, which set it. */
  readonly throughput_per_second: number | null;
  /** Where a figure lies with 95 % confidence, by its path; `null` when that cannot be told. */
  readonly intervals_95: Readonly<Partial<Record<MetricName, Interval | null>>>;
  /** Why a figure above is `null`, by its path. */
  readonly null_reasons: Readonly<Record<string, string>>;
  /** `null` in a closed loop. */
  readonly schedule: ScheduleResult | null;
  /** Sockets opened in measured blocks. */
  readonly sockets_opened: number;
  /** Sockets, or handles of a local database, opened in measured blocks; `null` where the client hides them. */
  readonly connections_opened: number | null;
  readonly warmup: { readonly operations: number; readonly errors: number; readonly sockets_opened: number };
  /** `null` when none was run. */
  readonly instrument: InstrumentResult | null;
  /** True when the load process was the limit, so that the figures are those of the instrument. */
  readonly instrument_limited: boolean;
  /** Why, when it was. */
  readonly instrument_limits: readonly string[];
  /** `null` when no block was run, and after gaps. */
  readonly stationarity: StationarityResult | null;
  /** The pool's own statistics at the end. */
  readonly pool: Readonly<Record<string, unknown>> | null;
  readonly rounds: readonly RoundResult[];
}

/** How two contestants compare in one figure. */
export interface Comparison {
  readonly baseline: string;
  readonly contender: string;
  readonly metric: MetricName;
  readonly baseline_value: number | null;
  readonly contender_value: number | null;
  /** How many times better the contender is: above 1 is better, whichever way the metric goes. */
  readonly ratio: number | null;
  /** Where the ratio lies with 95 % confidence; `null` with too few rounds or operations to tell. */
  readonly ratio_interval_95: Interval | null;
  /** Wilcoxon signed-rank test of the rounds' own figures, in pairs; `null` when they have none. */
  readonly rank_test_p: number | null;
  /** What can be said: the whole interval is on one side of 1, or it is not. */
  readonly verdict: "better" | "worse" | "unclear";
  /** By how much the contender's value is smaller, in percent of the baseline's; negative when it is greater. */
  readonly reduction_percent: number | null;
}

/** A gate's three verdicts. */
export type Verdict = "pass" | "fail" | "inconclusive";

/** One gate: a figure, where it lies, its limit, and what follows. */
export interface GateResult {
  /** The threshold as it was written, or as `--max-regression` means it. */
  readonly threshold: string;
  readonly source: "threshold" | "regression";
  /** In `unit`; `null` when it could not be measured. */
  readonly value: number | null;
  readonly unit: "ms" | "per_second" | "percent" | "factor";
  readonly interval: Interval | null;
  /** Of the interval, in percent: more than 95 when the gate may look at the figures several times. */
  readonly confidence_percent: number;
  readonly operator: "<" | "<=" | ">" | ">=";
  readonly limit: number;
  readonly verdict: Verdict;
  /** True when `calibrate` found that this plan cannot tell so small a difference. */
  readonly refused: boolean;
  /** Why it is inconclusive, or what limits the verdict. */
  readonly reason: string | null;
}

/** What identical code differs by in this run: nothing smaller can be told apart. */
export interface NoiseResult {
  readonly strategy: StrategyName;
  readonly metric: MetricName;
  /** The twin's value over the strategy's own. */
  readonly ratio: number | null;
  readonly ratio_interval_95: Interval | null;
  /** How far that interval reaches from 1, in percent. */
  readonly noise_floor_percent: number | null;
  /** The smallest difference, in percent, that this plan finds 95 times in 100. */
  readonly smallest_detectable_percent: number | null;
}

/** All that a run of `bench` found, and all that is needed to repeat it; holds no secret. */
export interface BenchResult {
  readonly schema_version: typeof SCHEMA_VERSION;
  readonly command: "bench";
  readonly interrupted: boolean;
  readonly started_at: string;
  readonly target: TargetResult;
  /** The second database, whose contestants are `…@base`. */
  readonly against: TargetResult | null;
  readonly plan: {
    readonly strategies: readonly StrategyName[];
    readonly queries: readonly { readonly sql: string; readonly weight: number }[];
    readonly allow_writes: boolean;
    readonly loop: "closed" | "open" | "gap";
    readonly rate_per_second: number | null;
    readonly arrivals: "constant" | "poisson" | null;
    readonly gap_ms: number | null;
    /** Callers of a closed loop, workers of an open one. */
    readonly concurrency: number;
    readonly operations: number | null;
    readonly duration_ms: number | null;
    readonly warmup_operations: number;
    /** A warm-up ends after this time, however many operations that was; `null` for never. */
    readonly warmup_limit_ms: number | null;
    readonly rounds: number;
    readonly seed: number;
    readonly settle_ms: number;
    readonly operation_timeout_ms: number;
    readonly connect_timeout_ms: number;
    readonly calibrate: boolean;
    readonly max_duration_ms: number | null;
    readonly pool: Readonly<Record<string, number | boolean>>;
  };
  readonly host: Host;
  /** The least an operation can take here: the fastest of a few bare statements on an open connection. */
  readonly floor_ms: number;
  /** How late timers of the load process were: its own share in any latency. */
  readonly event_loop_delay_ms: { readonly p50: number; readonly p99: number; readonly max: number };
  /** True when the load process was the limit for any contestant. */
  readonly instrument_limited: boolean;
  readonly strategies: readonly StrategyResult[];
  readonly comparisons: readonly Comparison[];
  /** With `calibrate`: what the same strategy differs by from itself. */
  readonly noise: readonly NoiseResult[] | null;
  readonly gates: readonly GateResult[];
  /** Of all gates: fail when one fails, else inconclusive when one is; `null` without gates. */
  readonly verdict: Verdict | null;
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

/** The machine that the load ran on. */
export interface Host {
  readonly node: string;
  readonly platform: string;
  readonly arch: string;
  readonly cpus: number;
  readonly cpu_model: string;
  readonly memory_bytes: number;
  /** Messages to another process and back per millisecond, the median: whether the host is as fast as it was. */
  readonly speed: number;
}
