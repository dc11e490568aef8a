import type { TargetResult } from "../libsql/target-result.js";
import type { StatsError } from "../watch/result.js";
import type { IdleResult } from "./idle/result.js";
import type { Profile } from "./profile.js";
import type { BillResult, ProofResult } from "./proof/result.js";
import type { SizeResult } from "./size/result.js";

export * from "./idle/result.js";
export type * from "./proof/result.js";
export type * from "./size/result.js";

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
