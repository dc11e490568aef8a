import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { pause } from "../core/pause.js";
import type { Ping, Probe } from "./probe.js";

export interface PingPlan {
  /** How many pings; `Infinity` until the signal aborts. */
  readonly count: number;
  /** From the start of a ping to the start of the next; one that took longer is followed at once. */
  readonly interval: Milliseconds;
  /** Whether the first ping's failure is the end: nobody said how many there are to be. */
  readonly endsWithFirstFailure: boolean;
}

export interface PingRun {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onPing: (ping: Ping, sequence: number) => void;
  /** What else there is to do, once, in the pause after the first answer. The next ping waits for it. */
  readonly inFirstPause?: () => Promise<unknown>;
}

/**
 * Pings until the plan is done or the signal aborts. A refused token ends it: that is an answer, and asking again
 * changes nothing.
 */
export async function runPings(
  probe: Pick<Probe, "ping">,
  plan: PingPlan,
  { clock, signal, onPing, inFirstPause }: PingRun,
): Promise<void> {
  let aside = inFirstPause;
  for (let sequence = 1; sequence <= plan.count; sequence++) {
    const startedAt = clock.now();
    const ping = await probe.ping(signal);
    if (!ping) return;
    onPing(ping, sequence);
    if (ping.outcome === "failed") {
      if (ping.error.code === "AUTH_REJECTED" || (sequence === 1 && plan.endsWithFirstFailure)) return;
    }
    if (sequence >= plan.count) return;
    const paused = pause(clock, startedAt + plan.interval - clock.now(), signal);
    if (ping.outcome === "answered") {
      await aside?.();
      aside = undefined;
    }
    await paused;
  }
}
