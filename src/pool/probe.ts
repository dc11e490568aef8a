import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import type { Connection } from "../libsql/connection.js";

/**
 * Pings a connection and waits for the answer, at most for `timeout`.
 *
 * Ends in time even when the connection ignores the signal: a half-open one never answers.
 * @throws what the ping rejected with, or `OPERATION_TIMEOUT`.
 */
export async function pingWithin(connection: Connection, timeout: Milliseconds, clock: Clock): Promise<void> {
  const deadline = new AbortController();
  const late = new Promise<never>((_, reject) => {
    deadline.signal.addEventListener("abort", () => reject(deadline.signal.reason as Error), { once: true });
  });
  const timer = clock.schedule(timeout, () => deadline.abort(pingTimedOut(timeout)));
  timer.unref();
  try {
    await Promise.race([connection.ping(deadline.signal), late]);
  } finally {
    timer.cancel();
  }
}

function pingTimedOut(timeout: Milliseconds): TursoPoolError {
  return new TursoPoolError("OPERATION_TIMEOUT", `no answer to a ping within ${timeout} ms`, {
    hint: "Check the network between here and the database, or raise the ping's timeout.",
  });
}
