import type { Milliseconds } from "../../core/duration.js";
import type { Random } from "../../core/random.js";

export interface WireOptions {
  /** From one end to the other: half a round trip. */
  readonly delay: Milliseconds;
  /** The delay varies by this much either way, uniformly. */
  readonly jitter: Milliseconds;
  readonly bytesPerSecond: number;
  readonly random: Random;
}

/**
 * One direction of one connection, as a calculation: when does what is sent now arrive?
 *
 * Bytes leave one after the other at the wire's rate, travel for the delay, and arrive in the order in which
 * they were sent, as TCP delivers them: what a shorter delay would let overtake waits for what is before it.
 */
export class Wire {
  readonly #options: WireOptions;
  /** The wire is busy with bytes until then, or closed to them. */
  #freeAt: Milliseconds = -Infinity;
  #lastArrival: Milliseconds = -Infinity;
  #credit: Milliseconds = 0;

  constructor(options: WireOptions) {
    this.#options = options;
  }

  /** Nothing leaves before `time`. */
  holdUntil(time: Milliseconds): void {
    this.#freeAt = Math.max(this.#freeAt, time);
  }

  /** What is sent next takes so much less, because it took so much more than it should to get here. */
  credit(time: Milliseconds): void {
    this.#credit = time;
  }

  /** Sends so many bytes, 0 for a signal such as FIN, and says when the last of them arrives. */
  send(now: Milliseconds, bytes: number): Milliseconds {
    this.#freeAt = Math.max(this.#freeAt, now) + (bytes / this.#options.bytesPerSecond) * 1_000;
    const transit = Math.max(0, this.transit() - this.#credit);
    this.#credit = 0;
    this.#lastArrival = Math.max(this.#lastArrival, this.#freeAt + transit);
    return this.#lastArrival;
  }

  /** How long a packet takes this time. */
  transit(): Milliseconds {
    const { delay, jitter, random } = this.#options;
    return jitter === 0 ? delay : delay + jitter * (2 * random() - 1);
  }
}
