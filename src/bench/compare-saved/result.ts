import type { Interval } from "../../stats/bootstrap.js";
import type { MetricName } from "../metrics.js";
import type { BenchResult, TargetResult } from "../result.js";

/** Rises when the shape of a comparison changes so that its readers must change. */
export const COMPARE_SCHEMA_VERSION = 1;

/** One figure of a contestant in two saved results. */
export interface Change {
  readonly contestant: string;
  readonly metric: MetricName;
  readonly base_value: number | null;
  readonly base_interval_95: Interval | null;
  readonly head_value: number | null;
  readonly head_interval_95: Interval | null;
  /** By how much the head's value is greater, in percent of the base's; negative when it is smaller. */
  readonly change_percent: number | null;
  readonly change_percent_interval_95: Interval | null;
  /** Mann-Whitney test of the rounds' own figures; `null` when they have none. */
  readonly rank_test_p: number | null;
  /**
   * `better` or `worse` only when the change is 1 % or more, all of its interval is on one side of 0, and the rank
   * test finds it too (p < 0.05).
   */
  readonly verdict: "better" | "worse" | "unclear";
  /** Why the verdict cannot be told; `null` when it is told, even when that is that there is no difference. */
  readonly reason: string | null;
}

/** A saved result among others. */
export interface SavedRun {
  /** As it was given. */
  readonly file: string;
  readonly started_at: string;
  readonly interrupted: boolean;
  readonly instrument_limited: boolean;
  readonly target: TargetResult;
  /** What has to be known of its figures; of a head also in what its circumstances were not the base's. */
  readonly warnings: readonly string[];
}

/** A result that is compared with the base. */
export interface ComparedRun extends SavedRun {
  /** Of each contestant that is in both, every figure. */
  readonly changes: readonly Change[];
}

/** Saved results side by side. */
export interface CompareResult {
  readonly schema_version: typeof COMPARE_SCHEMA_VERSION;
  readonly command: "compare";
  /** What all of them ran. */
  readonly plan: Pick<
    BenchResult["plan"],
    | "loop"
    | "rate_per_second"
    | "arrivals"
    | "gap_ms"
    | "concurrency"
    | "operations"
    | "duration_ms"
    | "rounds"
  >;
  readonly base: SavedRun;
  readonly heads: readonly ComparedRun[];
}
