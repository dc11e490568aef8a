import type { Milliseconds } from "./duration.js";

/** A timer that has been set. Cancelling one that has fired, or twice, does nothing. */
export interface Timer {
  cancel(): void;
}

/** The only source of time in the library: real in production, manual in unit tests. */
export interface Clock {
  /** Milliseconds on a monotonic scale with an arbitrary origin. */
  now(): Milliseconds;
  /**
   * Calls `callback` once, `delay` milliseconds from now.
   * A `background` timer never keeps the process alive.
   */
  schedule(delay: Milliseconds, callback: () => void, kind: "foreground" | "background"): Timer;
}

/** Node's monotonic clock and its timers. */
export const realClock: Clock = {
  now: () => performance.now(),
  schedule(delay, callback, kind) {
    const handle = setTimeout(callback, delay);
    if (kind === "background") handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};
