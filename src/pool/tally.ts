import type { Milliseconds } from "../core/duration.js";
import { noEvictions, type Entry } from "./entry.js";

/** Running counts of what became of a pool's resources. */
export class Tally {
  /** Leases given out. */
  checkouts = 0;
  /** Leases of a resource that had been leased before. */
  reuses = 0;
  /** What callers waited for those together. */
  reuseWait: Milliseconds = 0;
  readonly evictions = noEvictions();

  /** `entry` was leased, after a wait. */
  leased(entry: Entry<unknown>, waited: Milliseconds): void {
    this.checkouts++;
    if (entry.uses++ === 0) return;
    this.reuses++;
    this.reuseWait += waited;
  }
}

/** What a pool holds and has done, as it stands whenever it is read. */
export interface ResourceCounts {
  readonly inventory: {
    /** Open and closing ones. */
    readonly size: number;
    readonly leased: number;
    readonly idle: { readonly length: number };
  };
  readonly opener: {
    readonly pending: number;
    readonly opened: number;
    readonly failures: number;
    readonly totalTime: Milliseconds;
  };
  readonly queue: {
    readonly length: number;
    readonly timeouts: number;
    readonly longestWait: Milliseconds;
    readonly totalWait: Milliseconds;
  };
  readonly tally: Tally;
}
