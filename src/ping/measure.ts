import { realClock } from "../core/clock.js";
import type { Target } from "../libsql/target.js";
import type { Instrument } from "./instrument.js";
import { makeResult } from "./make-result.js";
import type { Ping } from "./probe.js";
import type { PingResult, TargetResult } from "./result.js";
import { runPings, type PingPlan } from "./run-pings.js";
import type { ServerVersion } from "./server-version.js";
import { Tally } from "./tally.js";

export interface Measurement {
  readonly target: Target;
  readonly shown: TargetResult;
  /** Ends it, with what there is by then. */
  readonly signal: AbortSignal;
  /** Aborts with it where that is the server's own end, and no interrupt. */
  readonly lost?: AbortSignal | undefined;
  readonly onPing: (ping: Ping, sequence: number) => void;
}

/** Pings, asks the server what it is, and sums up. */
export async function measure(
  instrument: Instrument,
  plan: PingPlan,
  { target, shown, signal, lost, onPing }: Measurement,
): Promise<PingResult> {
  const startedAt = new Date();
  const tally = new Tally();
  let asked: Promise<ServerVersion> | undefined;
  // In a pause, so that an interrupt finds it there; it is in no figure.
  const ask = (): Promise<ServerVersion> => (asked ??= instrument.version(signal));
  await runPings(instrument.probe, plan, {
    clock: realClock,
    signal,
    onPing: (ping, sequence) => {
      tally.add(ping);
      onPing(ping, sequence);
    },
    inFirstPause: ask,
  });
  const unasked = (reason: string): ServerVersion => ({ version: null, reason });
  const isLost = lost?.aborted === true;
  const version =
    tally.received === 0
      ? unasked("no ping was answered")
      : signal.aborted && !asked
        ? unasked(isLost ? "the server has ended" : "not asked for after an interrupt")
        : await ask();
  return makeResult({
    target,
    shown,
    startedAt,
    tally,
    version,
    interrupted: signal.aborted && !isLost,
    facts: instrument.probe.facts,
  });
}
