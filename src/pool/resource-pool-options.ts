import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import type { Random } from "../core/random.js";
import type { Entry } from "./entry.js";

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
  /** Opens a resource. Must settle soon after the signal aborts: until then it occupies its place. */
  readonly open: (signal: AbortSignal) => Promise<R>;
  readonly close: (resource: R) => Promise<void>;
  /** Wraps an entry for the caller who gets it. */
  readonly lease: (entry: Entry<R>) => L;
  readonly onOpened: (entry: Entry<R>) => void;
  /** Called whenever a place came free: a resource was closed, or could not be opened. */
  readonly onVacancy: (cause: "closed" | "open-failed") => void;
}
