import type { Interval } from "../../stats/bootstrap.js";

// Shapes of the output: docs/tune-result.schema.json. Times are in milliseconds.

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
