import type { Clock } from "../core/clock.js";
import { formatDuration, type Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";

export interface Patience {
  readonly clock: Clock;
  readonly timeout: Milliseconds;
  /** Whose answer it is, for the error to name. */
  readonly where: string;
  /** What to do where there is none in time. */
  readonly hint?: string;
}

/**
 * Does something that has to be done in time.
 * @param work gets a signal that aborts when it is not
 * @throws {TursoPoolError} `OPERATION_TIMEOUT`, where `work` rejects with its signal's reason
 */
export async function within<T>(
  { clock, timeout, where, hint = STILL_THERE }: Patience,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const timer = clock.schedule(timeout, () => {
    late.abort(
      new TursoPoolError("OPERATION_TIMEOUT", `${where}: no answer within ${formatDuration(timeout)}`, {
        hint,
      }),
    );
  });
  try {
    return await work(late.signal);
  } finally {
    timer.cancel();
  }
}

const STILL_THERE = "Check that it still answers, and raise --timeout if it takes that long.";
