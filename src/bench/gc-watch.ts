import { PerformanceObserver, type PerformanceEntry } from "node:perf_hooks";
import type { Milliseconds } from "../core/duration.js";

/** Pauses for the collection of garbage in this process. */
export interface GcTime {
  readonly total: Milliseconds;
  readonly longest: Milliseconds;
}

/** Adds up the pauses of this process's garbage collector. */
export class GcWatch {
  #pauses: PerformanceEntry[] = [];
  readonly #observer = new PerformanceObserver((list) => this.#pauses.push(...list.getEntries()));

  constructor() {
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  /** Those that began at `since` or later; what came before is forgotten. They are told with a delay. */
  take(since: Milliseconds): GcTime {
    this.#pauses.push(...this.#observer.takeRecords());
    const durations = this.#pauses
      .filter(({ startTime }) => startTime >= since)
      .map(({ duration }) => duration);
    this.#pauses = [];
    return {
      total: durations.reduce((sum, duration) => sum + duration, 0),
      longest: durations.reduce((longest, duration) => Math.max(longest, duration), 0),
    };
  }

  close(): void {
    this.#observer.disconnect();
  }
}
