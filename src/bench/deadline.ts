import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";

interface Pending {
  readonly due: Milliseconds;
  readonly reject: (error: Error) => void;
}

const SWEEP_MS = 100;

/**
 * Gives every operation the same deadline with one timer for all of them: the client has none of its own,
 * and an answer that never comes would hold up the run for ever.
 */
export class Deadline {
  readonly #timeout: Milliseconds;
  readonly #where: string;
  readonly #flag: string;
  readonly #pending = new Set<Pending>();
  readonly #timer: NodeJS.Timeout;

  /** `flag`: what to raise when the timeout is too short. */
  constructor(timeout: Milliseconds, where: string, flag = "--timeout") {
    this.#timeout = timeout;
    this.#where = where;
    this.#flag = flag;
    this.#timer = setInterval(() => this.#sweep(), Math.min(SWEEP_MS, timeout));
  }

  /** Waits for `work`, but not past the deadline. @throws `OPERATION_TIMEOUT`; the work itself goes on. */
  guard<T>(work: Promise<T>, startedAt: Milliseconds): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const pending: Pending = { due: startedAt + this.#timeout, reject };
      this.#pending.add(pending);
      // One promise and not three: this is in the way of every operation.
      work.then(
        (result) => {
          this.#pending.delete(pending);
          resolve(result);
        },
        (error: unknown) => {
          this.#pending.delete(pending);
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #sweep(): void {
    const now = performance.now();
    // Equal patience: they fall due in the order in which they came.
    for (const pending of this.#pending) {
      if (pending.due > now) return;
      this.#pending.delete(pending);
      pending.reject(
        new TursoPoolError("OPERATION_TIMEOUT", `${this.#where}: no answer within ${this.#timeout} ms`, {
          hint: `Check that a libSQL server answers there; raise ${this.#flag} if it takes that long.`,
        }),
      );
    }
  }
}
