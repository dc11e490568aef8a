import { PerformanceObserver } from "node:perf_hooks";
import type { Milliseconds } from "../core/duration.js";

/** Pauses for the collection of garbage in this process. */
export interface GcTime {
  readonly total: Milliseconds;
  readonly longest: Milliseconds;
}

/** Adds up the pauses of this process's garbage collector. */
export class GcWatch {
  #total: Milliseconds = 0;
  #longest: Milliseconds = 0;
  readonly #observer = new PerformanceObserver((list) => this.#add(list.getEntries()));

  constructor() {
    this.#observer.observe({ entryTypes: ["gc"] });
  }

  /** Since the last call. */
  take(): GcTime {
    this.#add(this.#observer.takeRecords());
    const time = { total: this.#total, longest: this.#longest };
    this.#total = 0;
    this.#longest = 0;
    return time;
  }

  close(): void {
    this.#observer.disconnect();
  }

  #add(pauses: readonly { readonly duration: Milliseconds }[]): void {
    for (const { duration } of pauses) {
      this.#total += duration;
      this.#longest = Math.max(this.#longest, duration);
    }
  }
}
