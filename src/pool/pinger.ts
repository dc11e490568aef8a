import type { Milliseconds } from "../core/duration.js";
import type { Clock, Timer } from "../core/clock.js";
import type { Connection } from "../libsql/connection.js";
import { closedWhilePinged, pingTimedOut } from "./errors.js";

/** `abandoned`: the pool closed meanwhile, so the answer is not known. */
export type ProbeOutcome = "answered" | "failed" | "abandoned";

/**
 * Pings connections, each of them once at a time. A ping ends in time, with its connection, or with the
 * caller's signal, even when the connection never lets it: a half-open one does not answer.
 */
export class Pinger<C extends Connection> {
  readonly #clock: Clock;
  readonly #underway = new Map<C, Attempt>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws what the ping rejected with, `OPERATION_TIMEOUT`, `CONNECTION_CLOSED`, or the signal's reason. */
  async ping(connection: C, timeout: Milliseconds, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const attempt = new Attempt(this.#clock, timeout);
    const giveUp = (): void => attempt.stop(signal?.reason as Error);
    signal?.addEventListener("abort", giveUp, { once: true });
    this.#underway.set(connection, attempt);
    try {
      await attempt.run(connection);
    } finally {
      this.#underway.delete(connection);
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** Somebody waits for a connection: no ping that is under way may take longer than this from now on. */
  hurry(patience: Milliseconds): void {
    if (this.#underway.size === 0) return;
    for (const attempt of this.#underway.values()) attempt.hurry(patience);
  }

  /** The connection was closed: whoever waits for its answer is told. */
  closed(connection: C): void {
    this.#underway.get(connection)?.stop(closedWhilePinged());
  }
}

/** One ping, with its deadline. */
class Attempt {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  readonly #startedAt: Milliseconds;
  #due = Infinity;
  #timer: Timer | undefined;

  constructor(clock: Clock, timeout: Milliseconds) {
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.hurry(timeout);
  }

  async run(connection: Connection): Promise<void> {
    const { signal } = this.#controller;
    try {
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
        connection.ping(signal).then(resolve, reject);
      });
    } finally {
      this.#timer?.cancel();
    }
  }

  hurry(patience: Milliseconds): void {
    const due = this.#clock.now() + patience;
    if (due >= this.#due) return;
    this.#due = due;
    this.#timer?.cancel();
    this.#timer = this.#clock.schedule(patience, () => this.stop(pingTimedOut(due - this.#startedAt)));
    this.#timer.unref();
  }

  stop(reason: Error): void {
    this.#controller.abort(reason);
  }
}
