import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
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
  readonly #underway = new Map<C, AbortController>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws what the ping rejected with, `OPERATION_TIMEOUT`, `CONNECTION_CLOSED`, or the signal's reason. */
  async ping(connection: C, timeout: Milliseconds, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const attempt = new AbortController();
    const giveUp = (): void => attempt.abort(signal?.reason);
    signal?.addEventListener("abort", giveUp, { once: true });
    const timer = this.#clock.schedule(timeout, () => attempt.abort(pingTimedOut(timeout)));
    timer.unref();
    this.#underway.set(connection, attempt);
    try {
      await new Promise<void>((resolve, reject) => {
        attempt.signal.addEventListener("abort", () => reject(attempt.signal.reason as Error));
        connection.ping(attempt.signal).then(resolve, reject);
      });
    } finally {
      this.#underway.delete(connection);
      timer.cancel();
      signal?.removeEventListener("abort", giveUp);
    }
  }

  /** The connection was closed: whoever waits for its answer is told. */
  closed(connection: C): void {
    this.#underway.get(connection)?.abort(closedWhilePinged());
  }
}
