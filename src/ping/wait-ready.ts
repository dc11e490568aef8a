import { realClock, type Clock } from "../core/clock.js";
import { formatDuration, type Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import { pause } from "../core/pause.js";
import type { Probe } from "./probe.js";

const FIRST_PAUSE: Milliseconds = 100;
const LONGEST_PAUSE: Milliseconds = 250;
const GROWTH = 1.5;

export interface Patience {
  /** How long to try. */
  readonly within: Milliseconds;
  /** How long one try may take. */
  readonly timeout: Milliseconds;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly clock?: Clock | undefined;
  /** Told of each try that failed. */
  readonly onFailure: (error: TursoPoolError) => void;
}

/** When the database was ready. */
export interface Readiness {
  readonly after: Milliseconds;
  readonly tries: number;
}

/**
 * Tries until the database answers a statement; `undefined` when the signal aborts before.
 * @throws {TursoPoolError} the last failure when the time is up; `AUTH_REJECTED` at once, as trying again changes
 * nothing.
 */
export async function waitReady(
  probe: Pick<Probe, "ping">,
  { within, timeout, signal, clock = realClock, onFailure }: Patience,
): Promise<Readiness | undefined> {
  const startedAt = clock.now();
  const left = (): Milliseconds => startedAt + within - clock.now();
  let failure: TursoPoolError | undefined;
  let patience = FIRST_PAUSE;
  for (let tries = 1; ; tries++) {
    const limit = Math.min(timeout, Math.ceil(left()));
    const ping = await probe.ping(signal, limit);
    if (!ping) return undefined;
    if (ping.outcome === "answered") return { after: clock.now() - startedAt, tries };
    if (ping.error.code === "AUTH_REJECTED") throw ping.error;
    onFailure(ping.error);
    // That the end cut a try short says less than what the one before it ran into.
    if (failure === undefined || limit === timeout || left() > 0) failure = ping.error;
    await pause(clock, Math.min(patience, left()), signal);
    if (signal.aborted) return undefined;
    if (left() <= 0) throw notReady(failure, within, tries);
    patience = Math.min(patience * GROWTH, LONGEST_PAUSE);
  }
}

function notReady(last: TursoPoolError, within: Milliseconds, tries: number): TursoPoolError {
  const attempts = tries === 1 ? "1 try" : `${tries} tries`;
  return new TursoPoolError(
    last.code,
    `not ready within ${formatDuration(within)} (${attempts}): ${last.message}`,
    { hint: last.hint, cause: last },
  );
}
