import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import type { Connection } from "../libsql/connection.js";
import { pingTimedOut } from "./errors.js";

/** `abandoned`: the pool closed meanwhile, so the answer is not known. */
export type ProbeOutcome = "answered" | "failed" | "abandoned";

export interface PingOptions {
  readonly clock: Clock;
  readonly timeout: Milliseconds;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Pings a connection and waits for the answer, at most for `timeout`.
 *
 * Ends in time even when the connection ignores the signal: a half-open one never answers.
 * @throws what the ping rejected with, `OPERATION_TIMEOUT`, or the signal's reason.
 */
export async function pingWithin(connection: Connection, options: PingOptions): Promise<void> {
  const { clock, timeout, signal } = options;
  signal?.throwIfAborted();
  const attempt = new AbortController();
  const giveUp = (): void => attempt.abort(signal?.reason);
  signal?.addEventListener("abort", giveUp, { once: true });
  const timer = clock.schedule(timeout, () => attempt.abort(pingTimedOut(timeout)));
  timer.unref();
  try {
    await new Promise<void>((resolve, reject) => {
      attempt.signal.addEventListener("abort", () => reject(attempt.signal.reason as Error), { once: true });
      connection.ping(attempt.signal).then(resolve, reject);
    });
  } finally {
    timer.cancel();
    signal?.removeEventListener("abort", giveUp);
  }
}
