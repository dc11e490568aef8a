import { realClock } from "../core/clock.js";
import type { Target } from "../libsql/target.js";
import type { Instrument } from "./instrument.js";
import { makeResult } from "./make-result.js";
import type { Ping } from "./probe.js";
import type { PingResult, PingTarget } from "./result.js";
import { runPings, type PingPlan } from "./run-pings.js";
import type { ServerVersion } from "./server-version.js";
import { Tally } from "./tally.js";

export interface Measurement {
  readonly target: Target;
  readonly shown: PingTarget;
  /** Ends it, with what there is by then. */
  readonly signal: AbortSignal;
  readonly onPing: (ping: Ping, sequence: number) => void;
}

/** Pings, asks the server what it is, and sums up. */
export async function measure(
  instrument: Instrument,
  plan: PingPlan,
  { target, shown, signal, onPing }: Measurement,
): Promise<PingResult> {
  const startedAt = new Date();
  const tally = new Tally();
  await runPings(instrument.probe, plan, {
    clock: realClock,
    signal,
    onPing: (ping, sequence) => {
      tally.add(ping);
      onPing(ping, sequence);
    },
  });
  const unasked = (reason: string): ServerVersion => ({ version: null, reason });
  const version = signal.aborted
    ? unasked("not asked for after an interrupt")
    : tally.received === 0
      ? unasked("no ping was answered")
      : await instrument.version(signal);
  return makeResult({
    target,
    shown,
    startedAt,
    tally,
    version,
    interrupted: signal.aborted,
    facts: instrument.probe.facts,
  });
}
