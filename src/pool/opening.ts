import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";

export interface OpenerOptions<R> {
  readonly clock: Clock;
  /** An opening that takes longer is told to stop. */
  readonly timeout: Milliseconds;
  /** Stops every opening. */
  readonly closing: AbortSignal;
  readonly open: (signal: AbortSignal) => Promise<R>;
}

/** Opens resources, each within the timeout, and keeps the account of it. */
export class Opener<R> {
  readonly #options: OpenerOptions<R>;
  #pending = 0;
  #opened = 0;
  #failures = 0;
  #totalTime: Milliseconds = 0;

  constructor(options: OpenerOptions<R>) {
    this.#options = options;
  }

  /** Openings under way. One that was told to stop counts until it has. */
  get pending(): number {
    return this.#pending;
  }

  get opened(): number {
    return this.#opened;
  }

  get failures(): number {
    return this.#failures;
  }

  /** What all successful openings together took. */
  get totalTime(): Milliseconds {
    return this.#totalTime;
  }

  /**
   * Opens one, and calls back in the same turn in which it stops being pending, so that the place
   * it takes in the pool is never free in between.
   */
  async open(
    opened: (resource: R, startedAt: Milliseconds, readyAt: Milliseconds) => void,
    failed: (cause: unknown) => void,
  ): Promise<void> {
    const { clock, timeout, closing, open } = this.#options;
    const attempt = new AbortController();
    const abandon = (): void => attempt.abort(closing.reason);
    closing.addEventListener("abort", abandon, { once: true });
    const timer = clock.schedule(timeout, () => attempt.abort(openTimedOut(timeout)));
    const startedAt = clock.now();
    this.#pending++;
    const settle = (): void => {
      this.#pending--;
      timer.cancel();
      closing.removeEventListener("abort", abandon);
    };
    let resource: R;
    try {
      resource = await open(attempt.signal);
    } catch (cause) {
      this.#failures++;
      settle();
      failed(cause);
      return;
    }
    const readyAt = clock.now();
    this.#opened++;
    this.#totalTime += readyAt - startedAt;
    settle();
    opened(resource, startedAt, readyAt);
  }
}

function openTimedOut(timeout: Milliseconds): TursoPoolError {
  return new TursoPoolError("CONNECT_TIMEOUT", `the connection was not open within ${timeout} ms`, {
    hint: "Check that the host is reachable, or raise connectionTimeout.",
  });
}

/** What a waiter is told when the connection that it waited for could not be opened. */
export function openFailed(cause: unknown): TursoPoolError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new TursoPoolError("OPEN_FAILED", `could not open a connection: ${reason}`, {
    hint: cause instanceof TursoPoolError ? cause.hint : undefined,
    cause,
  });
}

export function poolClosed(): TursoPoolError {
  return new TursoPoolError("POOL_CLOSED", "the pool is closed", {
    hint: "Acquire before close(), or make a new pool.",
  });
}

export function tooManyWaiters(limit: number): TursoPoolError {
  return new TursoPoolError("TOO_MANY_WAITERS", `${limit} callers are waiting already (maxWaiters)`, {
    hint: "Raise maxConnections or maxWaiters, or shed load.",
  });
}
