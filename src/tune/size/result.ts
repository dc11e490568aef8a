import type { Interval } from "../../stats/bootstrap.js";

// Shapes of the output: docs/tune-result.schema.json. Times are in milliseconds.

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
  /** Where more connections begin to cost more than they bring; `null` where that is beyond what was tried. */
  readonly knee: number | null;
  readonly knee_interval_95: Interval | null;
}

export interface SizeResult {
  readonly levels: readonly LevelResult[];
  /** Why it went no further. */
  readonly ended_by: "ceiling" | "past the knee" | "refused" | "failures" | "budget" | "interrupted";
  /** The most connections that were tried without trouble. */
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
