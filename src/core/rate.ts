import { TursoPoolError } from "./errors.js";

/**
 * Reads `200/s` or `30/m` as operations per second. A bare number is refused, because nobody can tell what it is per.
 * @throws {TursoPoolError} `INVALID_OPTION`, with the fix in the message.
 */
export function parseRate(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)\/(s|m)$/.exec(text.trim());
  const perSecond = Number(match?.[1]) / (match?.[2] === "m" ? 60 : 1);
  if (perSecond > 0) return perSecond;
  const number = /^\d+(\.\d+)?$/.exec(text.trim())?.[0];
  const fix =
    match !== null || Number(number) === 0
      ? "above 0: write a rate such as 200/s"
      : number === undefined
        ? "a rate such as 200/s or 30/m"
        : `a rate with its unit: write ${number}/s`;
  throw new TursoPoolError("INVALID_OPTION", `${option}: ${JSON.stringify(text)} is not ${fix}`);
}
