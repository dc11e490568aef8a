import { TursoPoolError } from "../core/errors.js";
import type { TuneResult } from "../tune/result.js";
import type { StatsError } from "../watch/result.js";
import { EXIT, exitCodeOf } from "./exit-codes.js";

/** How it ended, and what has to be said on stderr. */
export interface TuneOutcome {
  readonly exitCode: number;
  readonly errors: readonly StatsError[];
}

/** What the exit status is; the first of these that applies. */
export function outcomeOf(
  result: Pick<TuneResult, "error" | "verdict" | "interrupted">,
  circumstances: {
    readonly interrupted: number | undefined;
    /** Why `--apply` could not write what was recommended. */
    readonly unwritten: TursoPoolError | undefined;
  },
): TuneOutcome {
  const { error, verdict, interrupted: cutShort } = result;
  const { interrupted, unwritten } = circumstances;
  const exitCode =
    interrupted ??
    // Nobody reads what it found any more.
    (cutShort ? EXIT.ok : undefined) ??
    (error ? exitCodeOf(new TursoPoolError(error.code, error.message)) : undefined) ??
    (unwritten && exitCodeOf(unwritten)) ??
    (verdict.verdict === "not proven" ? EXIT.inconclusive : EXIT.ok);
  const told = unwritten && {
    code: unwritten.code,
    message: unwritten.message,
    hint: unwritten.hint ?? null,
  };
  return { exitCode, errors: [error, told].filter((one) => one != null) };
}
