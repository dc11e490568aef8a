import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { openTimedOut } from "./errors.js";
import { TimeHistogram } from "./time-histogram.js";

export interface OpenerOptions<R> {
  readonly clock: Clock;
  /** An opening that takes longer is told to stop. */
  readonly timeout: Milliseconds;
  readonly open: (signal: AbortSignal) => Promise<R>;
}

/** Opens resources, each within the timeout, and keeps the account of it. */
export class Opener<R> {
  readonly #options: OpenerOptions<R>;
  readonly #attempts = new Set<AbortController>();
  #stopped = false;
  #failures = 0;
  #timeouts = 0;
  /** What the successful openings took. */
  readonly times = new TimeHistogram();

  constructor(options: OpenerOptions<R>) {
    this.#options = options;
  }

  /** Openings under way. One that was told to stop counts until it has. */
  get pending(): number {
    return this.#attempts.size;
  }

  /** Those that failed by themselves, not those that the pool stopped. */
  get failures(): number {
    return this.#failures;
  }

  /** Those that were told to stop because they took too long. */
  get timeouts(): number {
    return this.#timeouts;
  }

  /**
   * Opens one, and calls back in the same turn in which it stops being pending, so that the place
   * it takes in the pool is never free in between.
   */
  async open(
    opened: (resource: R, startedAt: Milliseconds, readyAt: Milliseconds) => void,
    failed: (cause: unknown, took: Milliseconds) => void,
  ): Promise<void> {
    const { clock, timeout, open } = this.#options;
    const attempt = new AbortController();
    this.#attempts.add(attempt);
    const timer = clock.schedule(timeout, () => {
      this.#timeouts++;
      attempt.abort(openTimedOut(timeout));
    });
    const startedAt = clock.now();
    const settle = (): void => {
      timer.cancel();
      this.#attempts.delete(attempt);
    };
    let resource: R;
    try {
      resource = await open(attempt.signal);
    } catch (cause) {
      if (!this.#stopped) this.#failures++;
      settle();
      failed(cause, clock.now() - startedAt);
      return;
    }
    const readyAt = clock.now();
    this.times.record(readyAt - startedAt);
    settle();
    opened(resource, startedAt, readyAt);
  }

  /** Tells every opening to stop. */
  stop(reason: Error): void {
    this.#stopped = true;
    for (const attempt of this.#attempts) attempt.abort(reason);
  }
}
