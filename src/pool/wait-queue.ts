import type { Clock, Timer } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
  readonly since: Milliseconds;
  /** Stops listening to the caller's AbortSignal. */
  unlisten: (() => void) | undefined;
  previous: Waiter<T> | undefined;
  next: Waiter<T> | undefined;
}

export interface WaitQueueOptions {
  readonly clock: Clock;
  /** How long a waiter waits before it is rejected with `ACQUIRE_TIMEOUT`. */
  readonly timeout: Milliseconds;
  /** Says why nothing came free; read only when a waiter times out. */
  readonly describe: () => string;
}

/**
 * Callers waiting for something, first come, first served, all with the same patience.
 *
 * A doubly linked list, so that serving, aborting and expiring each take constant time however long it is.
 * Because patience is equal, waiters expire in the order they came, and one timer for the first of them
 * does for all.
 */
export class WaitQueue<T> {
  readonly #options: WaitQueueOptions;
  #first: Waiter<T> | undefined;
  #last: Waiter<T> | undefined;
  #length = 0;
  #timer: Timer | undefined;
  #timeouts = 0;
  #longestWait: Milliseconds = 0;
  #totalWait: Milliseconds = 0;

  constructor(options: WaitQueueOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#length;
  }

  /** Waiters that were rejected because their time was up. */
  get timeouts(): number {
    return this.#timeouts;
  }

  /** The longest that anybody has waited, whether served or not. */
  get longestWait(): Milliseconds {
    return this.#longestWait;
  }

  /** The time that all served waiters together have waited. */
  get totalWait(): Milliseconds {
    return this.#totalWait;
  }

  /** Waits to be served. Rejects with `ACQUIRE_TIMEOUT`, or with `ABORTED` when the signal fires. */
  wait(signal?: AbortSignal): Promise<T> {
    if (signal?.aborted) return Promise.reject(aborted(signal));
    return new Promise<T>((resolve, reject) => {
      const waiter: Waiter<T> = {
        resolve,
        reject,
        since: this.#options.clock.now(),
        unlisten: undefined,
        previous: this.#last,
        next: undefined,
      };
      if (this.#last) this.#last.next = waiter;
      else this.#first = waiter;
      this.#last = waiter;
      this.#length++;
      if (signal) this.#listen(waiter, signal);
      this.#arm();
    });
  }

  /** Gives `value` to whoever has waited longest, and returns how long that was. Only when somebody waits. */
  serve(value: T, now: Milliseconds): Milliseconds {
    const waiter = this.#first;
    if (!waiter) throw new Error("bug: served an empty queue");
    const waited = this.#remove(waiter, now);
    this.#totalWait += waited;
    waiter.resolve(value);
    return waited;
  }

  /** Rejects whoever has waited longest; false when nobody waits. */
  reject(error: Error): boolean {
    const waiter = this.#first;
    if (!waiter) return false;
    this.#remove(waiter, this.#options.clock.now());
    waiter.reject(error);
    return true;
  }

  /** Rejects everybody and cancels the timer. */
  close(error: () => Error): void {
    while (this.#first) this.reject(error());
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Takes the waiter out of the list and returns how long it has waited. */
  #remove(waiter: Waiter<T>, now: Milliseconds): Milliseconds {
    if (waiter.previous) waiter.previous.next = waiter.next;
    else this.#first = waiter.next;
    if (waiter.next) waiter.next.previous = waiter.previous;
    else this.#last = waiter.previous;
    waiter.unlisten?.();
    // A timer that nobody waits for must not keep the process alive; cancelling it would cost more.
    if (--this.#length === 0) this.#timer?.unref();
    const waited = now - waiter.since;
    if (waited > this.#longestWait) this.#longestWait = waited;
    return waited;
  }

  #listen(waiter: Waiter<T>, signal: AbortSignal): void {
    const onAbort = (): void => {
      this.#remove(waiter, this.#options.clock.now());
      waiter.reject(aborted(signal));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    waiter.unlisten = () => signal.removeEventListener("abort", onAbort);
  }

  #arm(): void {
    if (!this.#first) return;
    if (this.#timer) {
      if (this.#length === 1) this.#timer.ref();
      return;
    }
    const due = this.#first.since + this.#options.timeout;
    this.#timer = this.#options.clock.schedule(Math.max(0, due - this.#options.clock.now()), () =>
      this.#expire(),
    );
  }

  #expire(): void {
    this.#timer = undefined;
    const now = this.#options.clock.now();
    while (this.#first && this.#first.since + this.#options.timeout <= now) {
      this.#timeouts++;
      this.reject(this.#timedOut());
    }
    this.#arm();
  }

  #timedOut(): TursoPoolError {
    return new TursoPoolError(
      "ACQUIRE_TIMEOUT",
      `no connection came free within ${this.#options.timeout} ms (${this.#options.describe()})`,
      { hint: "Raise maxConnections or connectionTimeout, or release leases sooner." },
    );
  }
}

/** The error of a call whose signal has fired; the signal's reason is its cause. */
export function aborted(signal: AbortSignal): TursoPoolError {
  return new TursoPoolError("ABORTED", "the caller's signal was aborted", { cause: signal.reason });
}
