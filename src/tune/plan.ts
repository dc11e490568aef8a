import type { PoolSettings } from "../bench/plan.js";
import type { WeightedQuery } from "../bench/workload.js";
import type { Milliseconds } from "../core/duration.js";
import type { Profile } from "./profile.js";

/** Everything that decides what tuning does. */
export interface TunePlan {
  readonly profile: Profile;
  /** What is used now, beside the library's defaults. */
  readonly current: PoolSettings;
  /** Where that comes from: `the library's defaults`, or the file and flags that say so. */
  readonly currentFrom: string;
  /** How long an idle limit is looked for. */
  readonly maxIdle: Milliseconds;
  /** For all phases together. */
  readonly budget: Milliseconds;
  /** Connections at one time. */
  readonly maxConnectionsTried: number;
  /** What an operation is; only reads. */
  readonly queries: readonly WeightedQuery[];
  /** Queries a day that there may be; `null` when nobody said. */
  readonly quotaPerDay: number | null;
  readonly seed: number;
}
