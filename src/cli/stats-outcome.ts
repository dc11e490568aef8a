import { TursoPoolError } from "../core/errors.js";
import type { StatsError, StatsResult } from "../watch/result.js";
import { EXIT, exitCodeOf } from "./exit-codes.js";

/** How it ended, and what has to be said on stderr. */
export interface StatsOutcome {
  readonly exitCode: number;
  readonly error: StatsError | undefined;
}

/** What the exit status is; the first of these that applies. */
export function outcomeOf(
  result: StatsResult,
  { interrupted, failOnAlert }: { readonly interrupted: number | undefined; readonly failOnAlert: boolean },
): StatsOutcome {
  const error = failureOf(result);
  const exitCode =
    interrupted ??
    (failOnAlert && result.alerts.length > 0 ? EXIT.gateFailed : undefined) ??
    (error && exitCodeOf(new TursoPoolError(error.code, error.message))) ??
    EXIT.ok;
  return { exitCode, error };
}

/** Why the last look failed, or most of the operations. */
function failureOf({ error, load }: StatsResult): StatsError | undefined {
  if (error !== null) return error;
  if (load?.first_error == null) return undefined;
  const failed = load.errors + load.timeouts + load.no_connection;
  if (failed <= load.operations) return undefined;
  const message = `${failed} of ${failed + load.operations} operations failed, the first with: ${load.first_error.message}`;
  return { ...load.first_error, message };
}
