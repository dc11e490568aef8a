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
  /** Calls `callback` once, `delay` milliseconds from now and never sooner; `Infinity` means never. */
  schedule(delay: Milliseconds, callback: () => void): Timer;
}

/** The longest delay that Node's timers take; a longer one would fire at once. */
const MAX_DELAY: Milliseconds = 2 ** 31 - 1;

/** A Node timer that is not early (Node counts in whole milliseconds, truncated) and may be as long as it likes. */
class RealTimer implements Timer {
  readonly #due: Milliseconds;
  readonly #callback: () => void;
  #handle: NodeJS.Timeout;
  #keepsAlive = true;

  constructor(delay: Milliseconds, callback: () => void) {
    this.#due = performance.now() + delay;
    this.#callback = callback;
    this.#handle = this.#wait(delay);
  }

  cancel(): void {
    clearTimeout(this.#handle);
  }

  ref(): void {
    this.#keepsAlive = true;
    this.#handle.ref();
  }

  unref(): void {
    this.#keepsAlive = false;
    this.#handle.unref();
  }

  #wait(delay: Milliseconds): NodeJS.Timeout {
    return setTimeout(() => this.#fire(), Math.min(Math.ceil(delay), MAX_DELAY));
  }

  #fire(): void {
    const left = this.#due - performance.now();
    if (left <= 0) return this.#callback();
    this.#handle = this.#wait(left);
    if (!this.#keepsAlive) this.#handle.unref();
  }
}

/** Node's monotonic clock and its timers. */
export const realClock: Clock = {
  now: () => performance.now(),
  schedule: (delay, callback) => new RealTimer(delay, callback),
};
