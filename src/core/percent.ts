import { TursoPoolError } from "./errors.js";

/** Reads `10%` as 10. A bare number is refused. @throws {TursoPoolError} `INVALID_OPTION`, with the fix. */
export function parsePercent(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text.trim());
  const percent = Number(match?.[1]);
  if (percent > 0) return percent;
  const number = /^\d+(\.\d+)?$/.exec(text.trim())?.[0];
  const fix =
    number === undefined || Number(number) === 0
      ? "a percentage above 0, such as 10%"
      : `a percentage with its sign: write ${number}%`;
  throw new TursoPoolError("INVALID_OPTION", `${option}: ${JSON.stringify(text)} is not ${fix}`);
}
