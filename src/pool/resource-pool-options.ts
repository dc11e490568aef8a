import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import type { Random } from "../core/random.js";
import type { Entry, EvictionReason } from "./entry.js";
import type { Accountant } from "./tally.js";

/** What a {@link ResourcePool} has to know about its resources and its owner. */
export interface ResourcePoolOptions<R, L> {
  readonly clock: Clock;
  readonly random: Random;
  readonly maxResources: number;
  readonly maxWaiters: number;
  /** The patience of a waiter, and the time after which an opening is aborted. */
  readonly timeout: Milliseconds;
  /** A resource older than this, less a jitter, is closed when it comes free. */
  readonly maxLifetime: Milliseconds;
  /** False: nothing is leased twice, or kept for later. */
  readonly reuse: boolean;
  /** Opens a resource. Must settle soon after the signal aborts: until then it occupies its place. */
  readonly open: (signal: AbortSignal) => Promise<R>;
  readonly close: (resource: R) => Promise<void>;
  /** False as soon as the resource is known to be of no more use. */
  readonly isOpen: (resource: R) => boolean;
  /** Wraps an entry for the caller who gets it. */
  readonly lease: (entry: Entry<R>) => L;
  /** Whether an idle entry has to be checked before a caller may have it. */
  readonly inDoubt: (entry: Entry<R>, now: Milliseconds) => boolean;
  /** Somebody waits for this idle entry, which is in doubt: must reserve it, then put it back or discard it. */
  readonly check: (entry: Entry<R>) => void;
  /** Somebody waits, every place is occupied, and nothing is sure to come free soon. */
  readonly onShort: () => void;
  /** Keeps account of what happens. */
  readonly tally: Accountant<R>;
  readonly onOpened: (entry: Entry<R>) => void;
  readonly onVacancy: (vacancy: Vacancy) => void;
}

/** A place in the pool came free. */
export interface Vacancy {
  readonly reason: EvictionReason | "open-failed";
  /** How long the resource was open. */
  readonly lived: Milliseconds;
}
