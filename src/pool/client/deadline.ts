import type { AbortListeners } from "../../core/abort-listeners.js";
import type { Clock, Timer } from "../../core/clock.js";
import type { Milliseconds } from "../../core/duration.js";
import { pause } from "../../core/pause.js";
import { PooledClientError } from "./client-error.js";

export interface DeadlineOptions {
  readonly clock: Clock;
  readonly timeout: Milliseconds;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  readonly listeners: AbortListeners;
  /** Called when it is over. */
  readonly done: (deadline: Deadline) => void;
}

/** The end of one call: when its time is up, its caller gives up, or its client is closed, whichever comes first. */
export class Deadline implements Disposable {
  readonly #options: DeadlineOptions;
  readonly #controller = new AbortController();
  readonly #due: Milliseconds;
  readonly #timer: Timer | undefined;
  readonly #unlisten: (() => void) | undefined;

  constructor(options: DeadlineOptions) {
    const { clock, timeout, signal, listeners } = options;
    this.#options = options;
    this.#due = clock.now() + timeout;
    if (timeout !== Infinity) this.#timer = clock.schedule(timeout, () => this.end(timedOut(timeout)));
    if (signal?.aborted === true) this.end(aborted(signal));
    else if (signal) this.#unlisten = listeners.add(signal, () => this.end(aborted(signal)));
  }

  /** Aborts at the end, with the error for the caller as its reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** How much time is left. */
  get left(): Milliseconds {
    return this.#due - this.#options.clock.now();
  }

  end(reason: PooledClientError): void {
    this.#controller.abort(reason);
  }

  /** Waits for `work`, but no longer than to the end; then rejects with the reason for it, and nobody hears of the work again. */
  race<T>(work: Promise<T>): Promise<T> {
    const { signal } = this;
    return new Promise<T>((resolve, reject) => {
      const stop = (): void => reject(signal.reason as Error);
      if (signal.aborted) stop();
      else signal.addEventListener("abort", stop, { once: true });
      work.then(
        (value) => {
          signal.removeEventListener("abort", stop);
          resolve(value);
        },
        (error: unknown) => {
          signal.removeEventListener("abort", stop);
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
