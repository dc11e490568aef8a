import type { TargetResult } from "../libsql/target-result.js";
import type { Interval } from "../stats/bootstrap.js";
import type { StatsError } from "../watch/result.js";
import type { Profile } from "./profile.js";

// Shapes of the output: docs/tune-result.schema.json. Times are in milliseconds.

/** What tuning consists of, in this order. */
export const PHASES = ["cost", "idle", "size", "proof"] as const;
export type PhaseName = (typeof PHASES)[number];

/** How one phase ended. */
export interface PhaseResult {
  readonly phase: PhaseName;
  readonly outcome: "done" | "cut short" | "skipped" | "failed";
  /** Why it was not done in full; `null` when it was. */
  readonly reason: string | null;
  readonly took_ms: number;
  /** The most connections that it had open at one time. */
  readonly peak_connections: number;
  readonly queries: number;
}

export type TransportName = TargetResult["transport"];

/** What connecting and asking cost over one transport. */
export interface CostResult {
  readonly transport: TransportName;
  /** Without secrets. */
  readonly url: string;
  /** Why there are no figures: it could not be used. `null` when it could. */
  readonly unavailable: string | null;
  /** Opening a connection, from the first step to the moment at which a statement can be sent. */
  readonly open_ms: CostFigures | null;
  /** A statement on a connection that is open and warm. */
  readonly round_trip_ms: CostFigures | null;
  /** What the server announced in `Keep-Alive: timeout=`; `null` when it announced nothing. */
  readonly keep_alive_hint_ms: number | null;
}

/** A figure that the sample cannot support is `null`. */
export interface CostFigures {
  readonly samples: number;
  readonly min: number;
  readonly p50: number;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number;
}

/**
 * What an idle limit is looked for in.
 * - `client`: a plain `createClient()` over HTTP, which has a socket pool of its own
 * - `http`: an HTTP connection that has answered a request, kept open
 * - `ws`: a WebSocket that has answered a statement
 * - `tcp`: a connection (TLS included) that has carried no request yet: what is on the way
 * - `stream`: a Hrana stream over HTTP: a transaction that pauses
 */
export const LAYERS = ["client", "http", "ws", "tcp", "stream"] as const;
export type LayerName = (typeof LAYERS)[number];

/** How a connection ended that had idled too long. */
export type LossKind =
  /** It was closed while idle, and we were told (FIN or RST). */
  | "closed"
  /** The request after the idle time was answered with a reset, or a refusal. */
  | "refused"
  /** The request after the idle time got no answer. */
  | "silent";

/** What was found in one layer. */
export interface LayerResult {
  readonly layer: LayerName;
  readonly outcome:
    | "limit"
    /** All that idled up to `searched_up_to_ms` survived. */
    | "none"
    /** Stopped before it could tell, or not to be reached; `note` says why. */
    | "unknown";
  readonly kind: LossKind | null;
  /** The longest idle time that was survived below the limit; `null` when none was. */
  readonly survived_ms: number | null;
  /** The shortest that was not; `null` when there was none. */
  readonly lost_ms: number | null;
  /** The best estimate: the moment of closing where that was seen, else the middle of the bracket. */
  readonly limit_ms: number | null;
  /** How many connections survived, and were lost, within the bracket's neighbourhood. */
  readonly survivals: number;
  readonly losses: number;
  /** Connections that were tried in all. */
  readonly probes: number;
  readonly searched_up_to_ms: number;
  readonly note: string | null;
}

/** Limits of several layers told apart: whose they are. */
export interface IdleLimitResult {
  readonly whose: "client" | "server" | "network" | "websocket" | "stream";
  /** Such as `the server's HTTP keep-alive`. */
  readonly name: string;
  readonly kind: LossKind;
  readonly limit_ms: number;
  readonly survived_ms: number | null;
  readonly lost_ms: number;
  /** The layers that it was seen in. */
  readonly layers: readonly LayerName[];
  /** What it means for a pool, in one line. */
  readonly meaning: string;
}

export interface IdleResult {
  readonly max_idle_ms: number;
  readonly layers: readonly LayerResult[];
  /** Shortest first. */
  readonly limits: readonly IdleLimitResult[];
}

/** One step of the sweep. */
export interface LevelResult {
  readonly concurrency: number;
  readonly operations: number;
  readonly failed: number;
  readonly throughput_per_second: number | null;
  readonly throughput_interval_95: Interval | null;
  readonly p95_ms: number | null;
  readonly p95_interval_95: Interval | null;
}

/**
 * The Universal Scalability Law, X(N) = γN / (1 + α(N - 1) + βN(N - 1)), fitted to the sweep
 * (N. Gunther, Guerrilla Capacity Planning, 2007).
 */
export interface ScalabilityResult {
  /** Throughput of one connection, per second. */
  readonly gamma: number;
  /** Contention: the share that does not run in parallel. */
  readonly alpha: number;
  /** Coherency: what each pair costs. */
  readonly beta: number;
  /** The share of the variance in throughput that it explains. */
  readonly r_squared: number;
  /** Where more connections begin to cost more than they bring. */
  readonly knee: number;
  readonly knee_interval_95: Interval | null;
}

export interface SizeResult {
  readonly levels: readonly LevelResult[];
  /** Why it went no further. */
  readonly ended_by: "ceiling" | "past the knee" | "refused" | "failures" | "budget" | "interrupted";
  /** The most connections tried. */
  readonly tried: number;
  readonly fit: ScalabilityResult | null;
  /** Connections at the knee, a whole number; `null` when the sweep did not reach it. */
  readonly knee: number | null;
  /** Little's law for the profile: the connections busy on average, L = λW. */
  readonly busy: number;
  /** What its bursts need beyond that. */
  readonly headroom: number;
  readonly size: number;
  readonly rule: string;
}

export const SETTINGS = [
  "maxConnections",
  "minConnections",
  "keepAliveInterval",
  "staleThreshold",
  "pingTimeout",
  "connectionTimeout",
  "maxLifetime",
  "transport",
] as const;
export type SettingName = (typeof SETTINGS)[number];

/** One setting: a duration is in milliseconds. */
export interface SettingResult {
  readonly setting: SettingName;
  readonly unit: "ms" | "connections" | "name";
  readonly now: number | string;
  readonly recommended: number | string;
  /** The measurement that led to it. */
  readonly because: string;
  /** How it follows from that, in one line. */
  readonly rule: string;
}

export type ProofMetric =
  "latency_ms.p95" | "latency_ms.p50" | "after_a_gap_ms.p50" | "throughput_per_second" | "connections_held";

/** Current against recommended, in one figure. */
export interface ProofFigure {
  readonly metric: ProofMetric;
  /** Whether the profile is judged by it. */
  readonly counts: boolean;
  readonly current: number | null;
  readonly recommended: number | null;
  /** How many times better the recommended settings did. */
  readonly ratio: number | null;
  readonly ratio_interval_95: Interval | null;
  readonly verdict: "better" | "worse" | "alike" | "unclear";
}

/** Whether settings kept a connection alive while nobody used it. */
export interface HoldResult {
  readonly settings: "current" | "recommended" | "guide";
  readonly keep_alive_interval_ms: number;
  readonly idle_ms: number;
  readonly connections: number;
  readonly kept: number;
  /** `null` where it could not be told. */
  readonly held: boolean | null;
}

export interface ProofResult {
  readonly rounds: number;
  readonly figures: readonly ProofFigure[];
  readonly holds: readonly HoldResult[];
  /** Operations of each that failed. */
  readonly failed: { readonly current: number; readonly recommended: number };
  /** What has to be known to read the figures. */
  readonly notes: readonly string[];
}

/** What keeping connections alive costs, and whether it pays. */
export interface BillResult {
  readonly connections_held: number;
  readonly pings_per_day: number;
  /** `null` without `--quota`. */
  readonly quota_per_day: number | null;
  readonly quota_share: number | null;
  /** Operations a day below which pings take more time than they save. */
  readonly break_even_per_day: number | null;
  readonly operations_per_day: number;
  readonly pooling_pays: boolean | null;
  readonly rule: string;
}

export interface VerdictResult {
  readonly verdict:
    | "use the recommended settings"
    | "keep what you have"
    /** Traffic is below break-even. */
    | "do not pool"
    /** It was not measured to the end. */
    | "not proven";
  readonly reasons: readonly string[];
}

/** All that was found: what `--json` prints. */
export interface TuneResult {
  readonly schema_version: 1;
  readonly command: "tune";
  readonly started_at: string;
  readonly duration_ms: number;
  readonly interrupted: boolean;
  readonly target: TargetResult;
  readonly profile: ProfileResult;
  /** Where the settings of now come from. */
  readonly current_from: string;
  readonly phases: readonly PhaseResult[];
  readonly cost: readonly CostResult[];
  readonly idle: IdleResult | null;
  readonly size: SizeResult | null;
  /** Empty when it ended before there was anything to derive them from. */
  readonly settings: readonly SettingResult[];
  readonly proof: ProofResult | null;
  readonly bill: BillResult | null;
  readonly verdict: VerdictResult;
  /** What has to be known of the instrument or the target. */
  readonly notes: readonly string[];
  /** Why it ended early. */
  readonly error: StatsError | null;
}

export interface ProfileResult {
  readonly name: Profile["name"];
  readonly operations_per_second: number;
  readonly burst: number;
  readonly gap_ms: number;
  readonly writes: number;
  readonly aims: Profile["aims"];
  readonly keep_alive_interval_ms: number;
  readonly stale_threshold_ms: number;
  readonly source: string;
}

/** What `--dry-run` says it would do. */
export interface TunePlanResult {
  readonly schema_version: 1;
  readonly command: "tune";
  readonly dry_run: true;
  readonly target: TargetResult;
  readonly profile: ProfileResult;
  readonly phases: readonly PlannedPhase[];
  /** At most, all phases together. */
  readonly connections: number;
  readonly duration_ms: number;
  readonly queries: number;
}

export interface PlannedPhase {
  readonly phase: PhaseName;
  readonly what: string;
  /** At one time, at most. */
  readonly connections: number;
  /** At most. */
  readonly duration_ms: number;
  readonly queries: number;
}
