import type { Milliseconds } from "../core/duration.js";

/** An HTTP server's refusal of a whole request, with what it says about coming again. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  /** How long to wait before the next try; `undefined` where the server does not say. */
  readonly retryAfter: Milliseconds | undefined;

  constructor(status: number, retryAfter: Milliseconds | undefined) {
    super(`Server returned HTTP status ${status}`);
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** The refusal that an error comes from, if it does. */
export function refusalOf(error: unknown): Refusal | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++) {
    if (at instanceof Refusal) return at;
  }
  return undefined;
}

/**
 * Reads a `Retry-After`: seconds, or a date.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter(
  value: string | null | undefined,
  now = Date.now(),
): Milliseconds | undefined {
  if (value === null || value === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
