import type { Milliseconds } from "../core/duration.js";

/** How far something is that is done step by step, told at the beginning of every step. */
export interface Pace {
  /** Of the whole, in [0, 1], when this step begins and when it is due to end. */
  readonly from: number;
  readonly to: number;
  /** How long this step is expected to take; `null` when nobody knows yet. */
  readonly expectedMs: Milliseconds | null;
  /** What is left of the whole at the beginning of this step. */
  readonly leftMs: Milliseconds | null;
}

/** How far a run is, told at the beginning of every block. */
export interface Progress extends Pace {
  readonly phase: "warmup" | "measure";
  readonly contestant: string;
  /** Rounds are being added, because a gate cannot tell yet. */
  readonly extended: boolean;
  /** Latencies so far. */
  readonly figures: readonly {
    readonly name: string;
    readonly p50: Milliseconds | null;
    readonly p95: Milliseconds | null;
  }[];
}
