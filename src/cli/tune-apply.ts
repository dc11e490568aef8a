import { TursoPoolError } from "../core/errors.js";
import type { Style } from "../report/style.js";
import type { TuneResult } from "../tune/result.js";
import { withPoolOf, type Current } from "./tune-current.js";
import type { TuneFlags } from "./tune-flags.js";

/** What there is to print of `--apply`, and why it could not write. */
export interface TuneApplied {
  readonly lines: readonly string[];
  readonly unwritten: TursoPoolError | undefined;
}

/**
 * What is used now, with what the file that `--apply` names says of it.
 * @throws {TursoPoolError} `INVALID_OPTION` when settings could not be written to that file
 */
export async function readApplied(current: Current<TuneFlags>): Promise<Current<TuneFlags>> {
  const { apply } = current.flags;
  if (apply === undefined) return current;
  // Most runs change no file, and need not load what does.
  const { checkApplicable } = await import("./apply/apply-settings.js");
  return withPoolOf(await checkApplicable(apply), current);
}

/** Writes what was recommended into the file that `--apply` names, if it was. */
export async function applyResult(
  file: string | undefined,
  result: TuneResult,
  style: Style,
): Promise<TuneApplied> {
  if (file === undefined) return { lines: [], unwritten: undefined };
  const { applySettings } = await import("./apply/apply-settings.js");
  try {
    const { message, diff, advice } = await applySettings(file, result);
    return { lines: [message, ...painted(diff, style), ...advice], unwritten: undefined };
  } catch (error) {
    if (!(error instanceof TursoPoolError)) throw error;
    return { lines: [], unwritten: error };
  }
}

function painted(diff: string, { green, red, dim }: Style): string[] {
  return diff === ""
    ? []
    : diff.split("\n").map((line) => {
        if (/^(---|\+\+\+|@@)/.test(line)) return dim(line);
        return line.startsWith("+") ? green(line) : line.startsWith("-") ? red(line) : line;
      });
}
