import { TursoPoolError } from "../core/errors.js";
import type { PingError, PingResult } from "../ping/result.js";
import type { PingPlan } from "../ping/run-pings.js";
import { EXIT, exitCodeOf } from "./exit-codes.js";

/** How pings ended, and what has to be said on stderr. */
export interface PingOutcome {
  readonly exitCode: number;
  readonly error: PingError | undefined;
}

/**
 * The exit status of all pings: a refusal is one however many were answered; a loss only where nothing else came.
 * @throws {TursoPoolError} the failure that ended it before there was anything to sum up.
 */
export function outcomeOf(
  { sent, received, refused, interrupted, last_error: error }: PingResult,
  plan: PingPlan,
  { interruptedWith, serverLost }: { interruptedWith: number | undefined; serverLost: boolean },
): PingOutcome {
  if (serverLost) {
    const message = "the embedded server ended in mid-run";
    const lost = { code: "UNREACHABLE", message, hint: "Run it again." } as const;
    return { exitCode: interruptedWith ?? EXIT.unreachable, error: lost };
  }
  if (error === null || (received > 0 && refused === 0)) {
    return { exitCode: interruptedWith ?? EXIT.ok, error: undefined };
  }
  const failure = new TursoPoolError(error.code, error.message, { hint: error.hint ?? undefined });
  if (received === 0 && sent < plan.count && !interrupted) throw failure;
  return { exitCode: interruptedWith ?? exitCodeOf(failure), error };
}
