import type { Clock, Timer } from "./clock.js";
import type { Milliseconds } from "./duration.js";

interface Entry {
  readonly due: Milliseconds;
  readonly order: number;
  readonly callback: () => void;
}

const nothing = (): void => undefined;

/** A clock that stands still until it is told to advance; for tests, and for simulated runs. */
export class ManualClock implements Clock {
  #now: Milliseconds;
  #order = 0;
  readonly #timers = new Set<Entry>();

  constructor(start: Milliseconds = 0) {
    this.#now = start;
  }

  now(): Milliseconds {
    return this.#now;
  }

  schedule(delay: Milliseconds, callback: () => void): Timer {
    const entry = { due: this.#now + Math.max(0, delay), order: this.#order++, callback };
    this.#timers.add(entry);
    return { cancel: () => void this.#timers.delete(entry), ref: nothing, unref: nothing };
  }

  /** How many timers are set: 0 after everything that uses this clock was closed. */
  get pendingTimers(): number {
    return this.#timers.size;
  }

  /**
   * Moves time on by `duration`, firing what falls due in order, and lets the promises
   * that each timer settles run before the next one fires.
   */
  async advance(duration: Milliseconds): Promise<void> {
    const end = this.#now + duration;
    await settle();
    for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.due);
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
    this.#now = end;
  }

  /**
   * Moves time on while nothing runs, as when the machine sleeps: what fell due meanwhile fires late,
   * at the next {@link advance}.
   */
  sleep(duration: Milliseconds): void {
    this.#now += duration;
  }

  #next(end: Milliseconds): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#timers) {
      if (entry.due > end) continue;
      if (!first || entry.due < first.due || (entry.due === first.due && entry.order < first.order))
        first = entry;
    }
    return first;
  }
}

/** Lets every promise reaction that is already queued run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
