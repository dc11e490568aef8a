import type { Milliseconds } from "../core/duration.js";
import { median } from "../stats/median.js";

/** Sends something to another process of this host, and resolves when it is back. */
export type Echo = () => Promise<void>;

const ECHOES = 20;

/**
 * How fast this host is during a run, in messages to another process and back per millisecond. That is what an operation
 * costs here without the database: waking processes up, and waiting for a processor that others use. It tells whether
 * a saved result was measured at the same speed; a calculation would not, since it runs as fast on a busy host.
 */
export class HostSpeed {
  readonly #echo: Echo;
  readonly #medians: Milliseconds[] = [];

  /** @param echo by default one turn of the event loop, which says little. */
  constructor(echo: Echo = () => new Promise((resolve) => setImmediate(resolve))) {
    this.#echo = echo;
  }

  /** Measures it now; to be done between blocks, in a few milliseconds. */
  async sample(): Promise<void> {
    const times: Milliseconds[] = [];
    for (let i = 0; i < ECHOES; i++) {
      const startedAt = performance.now();
      await this.#echo();
      times.push(performance.now() - startedAt);
    }
    this.#medians.push(median(times));
  }

  /** The median over the run so far; 0 when nothing was measured. */
  get perMillisecond(): number {
    return this.#medians.length === 0 ? 0 : 1 / median(this.#medians);
  }
}
