import type { AbortListeners } from "../../core/abort-listeners.js";
import type { Clock, Timer } from "../../core/clock.js";
import type { Milliseconds } from "../../core/duration.js";
import { pause } from "../../core/pause.js";
import { PooledClientError } from "./client-error.js";

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly timeout: Milliseconds;
  /** After how long it counts as slow; see {@link Deadline.onSlow}. `Infinity`: never. */
  readonly slowAfter: Milliseconds;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  readonly listeners: AbortListeners;
  /** Called when it is over. */
  readonly done: (deadline: Deadline) => void;
}

/**
 * The end of one call: when its time is up, its caller gives up, or its client is closed, whichever comes first.
 * Every call has one, so it makes an AbortSignal only for who asks: that would cost more than all the rest of a call.
 */
export class Deadline implements Disposable {
  readonly #options: DeadlineOptions;
  readonly #began: Milliseconds;
  readonly #unlisten: (() => void) | undefined;
  /** What stops waiting at the end. */
  readonly #stops = new Set<(reason: Error) => void>();
  /** Called once when the call has taken long. */
  onSlow: (() => void) | undefined;
  #timer: Timer | undefined;
  #controller: AbortController | undefined;
  #reason: PooledClientError | undefined;

  constructor(options: DeadlineOptions) {
    const { clock, timeout, slowAfter, signal, listeners } = options;
    this.#options = options;
    this.#began = clock.now();
    // One timer after the other: a second one would be for nothing in nearly all calls.
    if (slowAfter < timeout) this.#timer = clock.schedule(slowAfter, () => this.#slow());
    else this.#armEnd();
    if (signal?.aborted === true) this.end(aborted(signal));
    else if (signal) this.#unlisten = listeners.add(signal, () => this.end(aborted(signal)));
  }

  /** Why it has ended, as an error for the caller; `undefined` until then. */
  get reason(): PooledClientError | undefined {
    return this.#reason;
  }

  /** Aborts at the end. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#reason) this.#controller.abort(this.#reason);
    return this.#controller.signal;
  }

  /** How long the call has taken. */
  get taken(): Milliseconds {
    return this.#options.clock.now() - this.#began;
  }

  /** How much time is left. */
  get left(): Milliseconds {
    return this.#options.timeout - this.taken;
  }

  end(reason: PooledClientError): void {
    if (this.#reason) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    for (const stop of this.#stops) stop(reason);
  }

  /** Ends the waiting for what is under way, with this reason, and not the call. */
  abandon(reason: Error): void {
    for (const stop of this.#stops) stop(reason);
  }

  /** Waits for `work`, but not beyond the end; then rejects with the reason for it, and nobody hears of the work again. */
  race<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#reason) reject(this.#reason);
      else this.#stops.add(reject);
      work.then(
        (value) => {
          this.#stops.delete(reject);
          resolve(value);
        },
        (error: unknown) => {
          this.#stops.delete(reject);
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- handed on as it came
          reject(error);
        },
      );
    });
  }

  /** Waits so long, or to the end. */
  pause(delay: Milliseconds): Promise<void> {
    return pause(this.#options.clock, delay, this.signal);
  }

  #slow(): void {
    this.#armEnd();
    this.onSlow?.();
  }

  #armEnd(): void {
    const { clock, timeout } = this.#options;
    if (timeout !== Infinity) this.#timer = clock.schedule(this.left, () => this.end(timedOut(timeout)));
  }

  [Symbol.dispose](): void {
    this.#timer?.cancel();
    this.#unlisten?.();
    this.#options.done(this);
  }
}

function timedOut(timeout: Milliseconds): PooledClientError {
  return new PooledClientError("OPERATION_TIMEOUT", `no answer within ${timeout} ms (operationTimeout)`, {
    outcome: "unknown",
    hint: "Look at the database and the network, or give it more time: client.with({ operationTimeout }).",
  });
}

function aborted(signal: AbortSignal): PooledClientError {
  return new PooledClientError("ABORTED", "the caller's signal was aborted", {
    outcome: "unknown",
    cause: signal.reason,
  });
}
