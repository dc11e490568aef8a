import type { BenchResult } from "../bench/result.js";
import { TursoPoolError } from "../core/errors.js";
import { EXIT, exitCodeOf } from "./exit-codes.js";

/** How a run ended, and what has to be said on stderr. */
export interface Outcome {
  readonly exitCode: number;
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
}

/** What the exit status of a run is; the first of these that applies. */
export function outcomeOf(
  result: BenchResult,
  circumstances: {
    readonly interrupted: number | undefined;
    readonly serverLost: boolean;
    readonly unwritten: readonly TursoPoolError[];
    readonly onInconclusive: "pass" | "fail" | undefined;
  },
): Outcome {
  const { interrupted, serverLost, unwritten, onInconclusive } = circumstances;
  const refused = result.gates.filter((gate) => gate.refused);
  const errors = [
    ...(serverLost ? ["the embedded server ended in mid-run"] : []),
    ...unwritten.map(({ message }) => message),
    ...refused.map(({ threshold, reason }) => `${threshold}: refused: ${reason}`),
  ];
  const exitCode =
    interrupted ??
    (serverLost ? EXIT.unreachable : undefined) ??
    failureCode(result) ??
    (result.verdict === "fail" ? EXIT.gateFailed : undefined) ??
    (unwritten.length > 0 || refused.length > 0 ? EXIT.usage : undefined) ??
    gateCode(result, onInconclusive);
  return { exitCode, errors, warnings: failures(result) };
}

/** A line about each contestant of which operations failed. */
function failures({ strategies }: BenchResult): string[] {
  return strategies.flatMap(({ name, operations, errors, timeouts, first_error: error }) => {
    const failed = errors + timeouts;
    if (error === null) return [];
    return [
      `${name}: ${failed} of ${operations + failed} operations failed, the first with: ${error.message}`,
    ];
  });
}

/** The status of the first contestant that failed more often than not. */
function failureCode({ strategies }: BenchResult): number | undefined {
  const worst = strategies.find(({ operations, errors, timeouts }) => errors + timeouts > operations);
  const error = worst?.first_error;
  return error ? exitCodeOf(new TursoPoolError(error.code, error.message)) : undefined;
}

function gateCode({ verdict }: BenchResult, onInconclusive: "pass" | "fail" | undefined): number {
  if (verdict === "fail") return EXIT.gateFailed;
  if (verdict !== "inconclusive" || onInconclusive === "pass") return EXIT.ok;
  return onInconclusive === "fail" ? EXIT.gateFailed : EXIT.inconclusive;
}
