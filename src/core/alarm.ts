import type { Clock, Timer } from "./clock.js";
import type { Milliseconds } from "./duration.js";

/**
 * One background timer that is moved, not multiplied: it rings once at the earliest time it was set for,
 * and never keeps the process alive.
 */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #timer: Timer | undefined;
  #due: Milliseconds = Infinity;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Makes sure that the alarm rings at `due` (on the clock's scale) or before. `Infinity` asks for nothing. */
  setNoLaterThan(due: Milliseconds): void {
    if (due >= this.#due) return;
    this.#timer?.cancel();
    this.#due = due;
    this.#timer = this.#clock.schedule(Math.max(0, due - this.#clock.now()), () => {
      this.#due = Infinity;
      this.#timer = undefined;
      this.#ring();
    });
    this.#timer.unref();
  }

  /** Never rings again, whatever it is set for from now on. */
  close(): void {
    this.#timer?.cancel();
    // Nothing is due before this, so that setting it later does nothing.
    this.#due = -Infinity;
  }
}
