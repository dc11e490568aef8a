// What was found to be broken, with the time, for a run with the same seed to look there.

const MOST_KEPT = 50;

export class Violations {
  #startedAt = performance.now();
  #counts = new Map();
  #told = [];
  #tell;

  /** @param tell is given each of the first ones as a line of text */
  constructor(tell) {
    this.#tell = tell;
  }

  get total() {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Seconds since the beginning. */
  get time() {
    return (performance.now() - this.#startedAt) / 1_000;
  }

  countOf(promise) {
    return this.#counts.get(promise) ?? 0;
  }

  /** @param promise one of those in `summary.js` */
  add(promise, what) {
    this.#counts.set(promise, this.countOf(promise) + 1);
    if (this.#told.length >= MOST_KEPT) return;
    const line = `${this.time.toFixed(1)} s: ${promise}: ${what}`;
    this.#told.push(line);
    this.#tell(line);
  }
}
