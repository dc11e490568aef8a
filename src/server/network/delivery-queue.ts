import type { Clock } from "../../core/clock.js";
import type { Milliseconds } from "../../core/duration.js";
import { PunctualAlarm } from "../../core/punctual-alarm.js";

interface Delivery {
  readonly due: Milliseconds;
  readonly deliver: () => void;
}

/** All that is under way in the emulated network, delivered on time to within about 0.1 ms. One per process. */
export class DeliveryQueue {
  readonly #clock: Clock;
  readonly #alarm: PunctualAlarm;
  /** Latest first, so that the next one is at the end. */
  readonly #deliveries: Delivery[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#alarm = new PunctualAlarm(clock, () => this.#run());
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
    if (next) this.#alarm.setNoLaterThan(next.due);
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
