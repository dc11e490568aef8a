import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";

/** Waits until nothing is left of a pool. */
export class Emptiness {
  readonly #clock: Clock;
  readonly #isEmpty: () => boolean;
  #onEmpty: (() => void) | undefined;

  constructor(clock: Clock, isEmpty: () => boolean) {
    this.#clock = clock;
    this.#isEmpty = isEmpty;
  }

  /** Something went. */
  check(): void {
    if (this.#isEmpty()) this.#onEmpty?.();
  }

  /** Resolves when it is empty, or when `patience` is over. */
  async within(patience: Milliseconds): Promise<void> {
    if (this.#isEmpty()) return;
    await new Promise<void>((resolve) => {
      const timer = this.#clock.schedule(patience, resolve);
      this.#onEmpty = () => {
        timer.cancel();
        resolve();
      };
    });
  }
}
