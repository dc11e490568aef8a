import { Alarm } from "./alarm.js";
import type { Clock } from "./clock.js";
import type { Milliseconds } from "./duration.js";

/**
 * Node's timers count whole milliseconds and fire 0.4 to 1.3 ms late (measured, nine in ten), up to a tenth of a
 * round trip of 20 ms. So a timer only brings us near the time, and from there on the event loop is polled, which
 * costs some 0.6 ms of CPU, and is late by one turn of the loop. Sockets are served in between.
 */
const POLL_FROM: Milliseconds = 1.5;

/** An {@link Alarm} that rings on time to within about 0.1 ms. */
export class PunctualAlarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  readonly #alarm: Alarm;
  #due: Milliseconds = Infinity;
  #poll: NodeJS.Immediate | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
    this.#alarm = new Alarm(clock, () => this.#approach());
  }

  /** Makes sure that it rings at `due` (on the clock's scale) or before, and in a later turn of the event loop. */
  setNoLaterThan(due: Milliseconds): void {
    if (due >= this.#due) return;
    this.#due = due;
    this.#approach();
  }

  /** Never rings again, whatever it is set for from now on. */
  close(): void {
    this.#due = -Infinity;
    this.#alarm.close();
    clearImmediate(this.#poll);
  }

  #approach(): void {
    if (this.#poll) return;
    const pollFrom = this.#due - POLL_FROM;
    if (pollFrom > this.#clock.now()) return this.#alarm.setNoLaterThan(pollFrom);
    this.#poll = setImmediate(() => {
      this.#poll = undefined;
      if (this.#due > this.#clock.now()) return this.#approach();
      this.#due = Infinity;
      this.#ring();
    });
  }
}
