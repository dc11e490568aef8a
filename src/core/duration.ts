import { TursoPoolError } from "./errors.js";

/** A length of time in milliseconds. Fractions are allowed. */
export type Milliseconds = number;

const UNITS: Readonly<Record<string, Milliseconds>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };

/**
 * Reads `250ms`, `1.5s`, `2m` or `1h` as milliseconds.
 *
 * A bare number is refused, because nobody can tell which unit was meant.
 * @throws {TursoPoolError} `INVALID_OPTION`, with the fix in the message.
 */
export function parseDuration(text: string, option: string): Milliseconds {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim());
  const unit = match?.[2] === undefined ? undefined : UNITS[match[2]];
  if (match?.[1] !== undefined && unit !== undefined) return Number(match[1]) * unit;
  const fix = /^\d+(\.\d+)?$/.test(text.trim())
    ? `a duration with a unit: write ${text.trim()}ms or ${text.trim()}s`
    : "a duration such as 250ms, 30s or 2m";
  throw new TursoPoolError("INVALID_OPTION", `${option}: ${JSON.stringify(text)} is not ${fix}`);
}

/** Writes milliseconds the way {@link parseDuration} reads them, in the largest unit that needs no fraction. */
export function formatDuration(duration: Milliseconds): string {
  for (const unit of ["h", "m", "s"] as const) {
    const size = UNITS[unit] ?? 1;
    if (duration >= size && duration % size === 0) return `${duration / size}${unit}`;
  }
  return `${duration}ms`;
}
