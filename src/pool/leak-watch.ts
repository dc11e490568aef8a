import { Alarm } from "../core/alarm.js";
import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import type { Entry } from "./entry.js";

export interface LeakWatchOptions<R> {
  readonly clock: Clock;
  /** A lease that is held for longer may have been forgotten. `Infinity`: none is. */
  readonly threshold: Milliseconds;
  /** What callers hold now. */
  readonly leased: () => readonly Entry<R>[];
  /** Told once of each lease. */
  readonly suspected: (entry: Entry<R>, held: Milliseconds) => void;
}

/**
 * Looks for leases that are held for too long. A lease that began after a look is not due before a whole threshold has
 * passed since, so looking again at the latest then misses none, and nothing has to be done at an acquire.
 */
export class LeakWatch<R> {
  readonly #options: LeakWatchOptions<R>;
  readonly #alarm: Alarm;
  #suspected = 0;
  #lookedAt: Milliseconds = -Infinity;

  constructor(options: LeakWatchOptions<R>) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock, () => this.#look());
    this.#look();
  }

  /** Leases that were held for too long, since the beginning. */
  get suspected(): number {
    return this.#suspected;
  }

  close(): void {
    this.#alarm.close();
  }

  #look(): void {
    const { clock, threshold, leased, suspected } = this.#options;
    if (threshold === Infinity) return;
    const now = clock.now();
    let next = now + threshold;
    for (const entry of leased()) {
      const due = entry.leasedAt + threshold;
      if (due > now) next = Math.min(next, due);
      else if (due > this.#lookedAt) {
        this.#suspected++;
        suspected(entry, now - entry.leasedAt);
      }
    }
    this.#lookedAt = now;
    this.#alarm.setNoLaterThan(next);
  }
}
