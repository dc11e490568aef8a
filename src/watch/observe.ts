import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import { printable } from "../core/printable.js";
import { redact } from "../libsql/redaction.js";
import { pause } from "../core/pause.js";
import { alertsOf } from "../monitor/health.js";
import type { PoolSnapshot } from "../monitor/result.js";
import { isRestarted, NO_RATES, ratesBetween } from "./rates.js";
import type { LookResult, StatsError } from "./result.js";

export interface ObservationPlan {
  readonly interval: Milliseconds;
  /** `Infinity` until the signal aborts. */
  readonly duration: Milliseconds;
  /** A connection that a caller holds for longer is taken for forgotten. */
  readonly leakThreshold: Milliseconds;
}

export interface Watching {
  readonly clock: Clock;
  /** Ends it early. */
  readonly signal: AbortSignal;
  readonly onLook: (look: LookResult) => void;
}

/** How to look at a pool. */
export type Look = (signal: AbortSignal) => PoolSnapshot | Promise<PoolSnapshot>;

export interface Observation {
  readonly last: PoolSnapshot;
  readonly took: Milliseconds;
  readonly restarts: number;
  readonly missed: number;
  /** Why the last look failed. */
  readonly error: StatsError | null;
}

/**
 * Looks at a pool now and at every interval, and tells what it sees. An application that does not answer may be back at the next
 * look, so only the first one has to succeed.
 * @throws what the first look throws
 */
export async function observe(look: Look, plan: ObservationPlan, watching: Watching): Promise<Observation> {
  const { clock, signal, onLook } = watching;
  let last = await look(signal);
  const startedAt = clock.now();
  const endsAt = startedAt + plan.duration;
  let restarts = 0;
  let missed = 0;
  let error: StatsError | null = null;
  const tell = (seen: Pick<LookResult, "rates" | "snapshot" | "restarted">): void => {
    const alerts = seen.snapshot === null ? [] : alertsOf(seen.snapshot, plan);
    const head = { schema_version: 1, type: "look", elapsed_ms: clock.now() - startedAt } as const;
    onLook({ ...head, ...seen, alerts, error });
  };
  if (plan.duration > 0) tell({ snapshot: last, rates: NO_RATES, restarted: false });
  for (let due = startedAt; clock.now() < endsAt;) {
    due = Math.max(due + plan.interval, clock.now());
    await pause(clock, Math.min(due, endsAt) - clock.now(), signal);
    const seen = signal.aborted ? undefined : await lookAgain(look, signal);
    if (seen === undefined) break;
    if ("error" in seen) {
      missed++;
      error = seen.error;
      tell({ snapshot: null, rates: NO_RATES, restarted: false });
    } else {
      const { snapshot } = seen;
      const restarted = isRestarted(last, snapshot);
      const rates = restarted ? NO_RATES : ratesBetween(last, snapshot);
      if (restarted) restarts++;
      last = snapshot;
      error = null;
      tell({ snapshot, rates, restarted });
    }
  }
  return { last, took: clock.now() - startedAt, restarts, missed, error };
}

/** `undefined` when it was stopped. */
async function lookAgain(
  look: Look,
  signal: AbortSignal,
): Promise<{ readonly snapshot: PoolSnapshot } | { readonly error: StatsError } | undefined> {
  try {
    return { snapshot: await look(signal) };
  } catch (error) {
    if (signal.aborted) return undefined;
    return { error: statsError(error) };
  }
}

/** A message may hold whatever a server says. @throws what is not ours to explain, which is a bug */
export function statsError(error: unknown): StatsError {
  if (!(error instanceof TursoPoolError)) throw error;
  const { code, message, hint } = error;
  return { code, message: printable(redact(message)).slice(0, LONGEST_MESSAGE), hint: hint ?? null };
}

const LONGEST_MESSAGE = 300;
