import type { Clock } from "./clock.js";
import type { Milliseconds } from "./duration.js";

/** Resolves after `delay`, or when the signal aborts, whichever comes first. */
export function pause(clock: Clock, delay: Milliseconds, signal: AbortSignal): Promise<void> {
  if (delay <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      timer.cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = clock.schedule(delay, end);
    signal.addEventListener("abort", end);
  });
}
