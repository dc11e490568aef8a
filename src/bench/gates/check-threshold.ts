import { TursoPoolError } from "../../core/errors.js";
import { STRATEGY_NAMES } from "../plan.js";
import { nearest } from "./nearest.js";
import { quote } from "./quote.js";
import { contestantsOf, type Threshold } from "./threshold.js";

/** Where contestants with a suffix come from. */
const SUFFIXES: Readonly<Record<string, string>> = { base: "--against", again: "--calibrate" };

/**
 * Refuses a gate on what does not run, before any load.
 * @throws {TursoPoolError} `INVALID_OPTION`, naming what runs.
 */
export function checkThreshold(
  threshold: Threshold,
  contestants: readonly string[],
  option = "--threshold",
): void {
  const missing = contestantsOf(threshold.expression).find((name) => !contestants.includes(name));
  if (missing === undefined) return;
  const place = `${option}: ${quote(threshold.text)}`;
  throw new TursoPoolError(
    "INVALID_OPTION",
    `${place}: ${quote(missing)} does not run; these do: ${contestants.join(", ")}`,
    { hint: hintFor(missing, contestants) },
  );
}

function hintFor(missing: string, contestants: readonly string[]): string | undefined {
  const [strategy, suffix] = missing.split("@");
  const known = STRATEGY_NAMES.find((name) => name === strategy);
  const flag = suffix === undefined ? undefined : SUFFIXES[suffix];
  if (known !== undefined && suffix === undefined) return `Add --strategy ${known}.`;
  if (known !== undefined && flag !== undefined) return `@${suffix} needs ${flag}.`;
  const meant = nearest(missing, contestants);
  return meant === undefined ? undefined : `Did you mean ${meant}?`;
}
