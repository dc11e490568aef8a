import { Alarm } from "../../core/alarm.js";
import type { Clock } from "../../core/clock.js";
import type { Milliseconds } from "../../core/duration.js";

interface Delivery {
  readonly due: Milliseconds;
  readonly deliver: () => void;
}

/**
 * Node's timers count whole milliseconds and fire 0.4 to 1.3 ms late (measured, nine in ten), up to a tenth of a
 * round trip of 20 ms. So a timer only brings us near the time, and from there on the event loop is polled, which
 * costs some 0.6 ms of CPU per delivery, and is late by one turn of the loop. Sockets are served in between.
 */
const POLL_FROM: Milliseconds = 1.5;

/** All that is under way in the emulated network, delivered on time to within about 0.1 ms. One per process. */
export class DeliveryQueue {
  readonly #clock: Clock;
  readonly #alarm: Alarm;
  /** Latest first, so that the next one is at the end. */
  readonly #deliveries: Delivery[] = [];
  #poll: NodeJS.Immediate | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock, () => this.#run());
  }

  /** Calls `deliver` at `due` on the clock's scale; those due together in the order in which they came. */
  at(due: Milliseconds, deliver: () => void): void {
    this.#deliveries.splice(this.#indexFor(due), 0, { due, deliver });
    this.#wait();
  }

  /** Nothing is delivered any more. */
  close(): void {
    this.#deliveries.length = 0;
    this.#alarm.close();
    clearImmediate(this.#poll);
  }

  #run(): void {
    const now = this.#clock.now();
    for (let next = this.#deliveries.at(-1); next && next.due <= now; next = this.#deliveries.at(-1)) {
      this.#deliveries.pop();
      next.deliver();
    }
    this.#wait();
  }

  #wait(): void {
    const next = this.#deliveries.at(-1);
    if (!next || this.#poll) return;
    const pollFrom = next.due - POLL_FROM;
    if (pollFrom > this.#clock.now()) return this.#alarm.setNoLaterThan(pollFrom);
    this.#poll = setImmediate(() => {
      this.#poll = undefined;
      this.#run();
    });
  }

  /** The place before all that is due at the same time or sooner. */
  #indexFor(due: Milliseconds): number {
    let low = 0;
    let high = this.#deliveries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#deliveries[middle]?.due ?? due) > due) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
