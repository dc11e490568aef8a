import type { Milliseconds } from "./duration.js";

/** A timer that has been set. Like Node's, it keeps the process alive unless it is unref'd. */
export interface Timer {
  /** Cancelling a timer that has fired, or twice, does nothing. */
  cancel(): void;
  ref(): void;
  unref(): void;
}

/** The only source of time in the library: real in production, manual in unit tests. */
export interface Clock {
  /** Milliseconds on a monotonic scale with an arbitrary origin. */
  now(): Milliseconds;
  /** Calls `callback` once, `delay` milliseconds from now. */
  schedule(delay: Milliseconds, callback: () => void): Timer;
}

/** The longest delay that Node's timers take; a longer one would fire at once. */
const MAX_DELAY: Milliseconds = 2 ** 31 - 1;

/** Node's monotonic clock and its timers. */
export const realClock: Clock = {
  now: () => performance.now(),
  schedule(delay, callback) {
    // Rounded up: Node truncates, and a timer must not fire before it is due.
    const handle = setTimeout(callback, Math.min(Math.ceil(delay), MAX_DELAY));
    return {
      cancel: () => clearTimeout(handle),
      ref: () => void handle.ref(),
      unref: () => void handle.unref(),
    };
  },
};
