import type { Milliseconds } from "../core/duration.js";

/** How far a run is, told at the beginning of every block. */
export interface Progress {
  readonly phase: "warmup" | "measure";
  readonly contestant: string;
  /** Of the whole run, in [0, 1], when this block begins and when it is due to end. */
  readonly from: number;
  readonly to: number;
  /** How long this block is expected to take; `null` when nobody knows yet. */
  readonly expectedMs: Milliseconds | null;
  /** What is left of the run at the beginning of this block. */
  readonly leftMs: Milliseconds | null;
  /** Rounds are being added, because a gate cannot tell yet. */
  readonly extended: boolean;
  /** Latencies so far. */
  readonly figures: readonly {
    readonly name: string;
    readonly p50: Milliseconds | null;
    readonly p95: Milliseconds | null;
  }[];
}
