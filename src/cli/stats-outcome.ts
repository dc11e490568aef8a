import { TursoPoolError } from "../core/errors.js";
import type { StatsError, StatsResult } from "../watch/result.js";
import { EXIT, exitCodeOf } from "./exit-codes.js";

/** How it ended, and what has to be said on stderr. */
export interface StatsOutcome {
  readonly exitCode: number;
  readonly error: StatsError | undefined;
  readonly warning: string | undefined;
}

/** With `--fail-on-alert`, more operations than these that fail are one: as many as a gate of `bench` bears. */
const MOST_FAILED = 0.01;

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
    (failOnAlert && shareFailed(result) > MOST_FAILED ? EXIT.gateFailed : undefined) ??
    EXIT.ok;
  return { exitCode, error, warning: error ? undefined : failures(result)?.message };
}

/** Why the last look failed, or most of the operations. */
function failureOf(result: StatsResult): StatsError | undefined {
  return result.error ?? (shareFailed(result) > 0.5 ? failures(result) : undefined);
}

/** The first failure of the operations, with how many there were. */
function failures({ load }: StatsResult): StatsError | undefined {
  if (load?.first_error == null) return undefined;
  const failed = load.errors + load.timeouts + load.no_connection;
  const message = `${failed} of ${failed + load.operations} operations failed, the first with: ${load.first_error.message}`;
  return { ...load.first_error, message };
}

function shareFailed({ load }: StatsResult): number {
  if (load === null) return 0;
  const failed = load.errors + load.timeouts + load.no_connection;
  return failed === 0 ? 0 : failed / (failed + load.operations);
}
