import { AbortListeners } from "../core/abort-listeners.js";
import type { Clock, Timer } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { aborted } from "./errors.js";

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
  /** How long a waiter waits at most. */
  readonly timeout: Milliseconds;
  /** What a waiter is told whose time is up. */
  readonly timedOut: (waited: Milliseconds) => Error;
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
  readonly #abortListeners = new AbortListeners();
  #first: Waiter<T> | undefined;
  #last: Waiter<T> | undefined;
  #length = 0;
  #peak = 0;
  #timer: Timer | undefined;
  #timeouts = 0;
  #longestWait: Milliseconds = 0;

  constructor(options: WaitQueueOptions) {
    this.#options = options;
  }

  get length(): number {
    return this.#length;
  }

  /** The most that have waited at one time. */
  get peak(): number {
    return this.#peak;
  }

  /** Waiters that were rejected because their time was up. */
  get timeouts(): number {
    return this.#timeouts;
  }

  /** The longest that anybody has waited, whether served or not. */
  get longestWait(): Milliseconds {
    return this.#longestWait;
  }

  /** Waits to be served. Rejects when the time is up, or with `ABORTED` when the signal fires (it has not yet). */
  wait(signal?: AbortSignal): Promise<T> {
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
      if (++this.#length > this.#peak) this.#peak = this.#length;
      if (signal) this.#listen(waiter, signal);
      this.#arm();
    });
  }

  /** Gives `value` to whoever has waited longest, and returns how long that was. Only when somebody waits. */
  serve(value: T, now: Milliseconds): Milliseconds {
    const waiter = this.#first;
    if (!waiter) throw new Error("bug: served an empty queue");
    const waited = this.#remove(waiter, now);
    waiter.resolve(value);
    return waited;
  }

  /** Rejects whoever has waited longest, if anybody waits. */
  reject(error: () => Error): void {
    const waiter = this.#first;
    if (!waiter) return;
    const reason = error();
    this.#remove(waiter, this.#options.clock.now());
    waiter.reject(reason);
  }

  /** Rejects everybody and cancels the timer. */
  close(error: () => Error): void {
    while (this.#first) this.reject(error);
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
    waiter.unlisten = this.#abortListeners.add(signal, () => {
      this.#remove(waiter, this.#options.clock.now());
      waiter.reject(aborted(signal));
    });
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
      const waited = now - this.#first.since;
      this.reject(() => this.#options.timedOut(waited));
    }
    this.#arm();
  }
}
