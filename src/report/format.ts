// The only place that rounds.

/** What is shown for a figure that the sample cannot support. */
export const NO_FIGURE = "–";

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** A whole number with groups: `12,345`. */
export function count(value: number | null): string {
  return value === null ? NO_FIGURE : grouped.format(value);
}

/** Milliseconds without unit, to three significant digits, to the microsecond at most: `2.31`, `0.004`, `120`. */
export function milliseconds(value: number | null): string {
  if (value === null) return NO_FIGURE;
  if (value >= 100) return grouped.format(value);
  return value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

/** Milliseconds with unit. */
export function duration(value: number | null): string {
  return value === null ? NO_FIGURE : `${milliseconds(value)} ms`;
}

/** A planned length of time, which is a round number: `250 ms`, `4 s`. */
export function span(value: number): string {
  return value >= 1_000 ? `${value / 1_000} s` : `${value} ms`;
}

/** A rate per second: whole from 10 up. */
export function rate(value: number | null): string {
  if (value === null) return NO_FIGURE;
  return value >= 10 ? grouped.format(value) : value.toFixed(1);
}

/** A factor: `9.3x`, from 10 up whole, close to 1 to two digits. */
export function factor(value: number): string {
  return `${value >= 10 ? grouped.format(value) : value.toFixed(value < 2 ? 2 : 1)}x`;
}

/** A change in percent; never rounded up to 100 while something is left. */
export function percent(value: number): string {
  const size = Math.abs(value);
  const digits = size >= 99 && size < 100 ? 2 : size >= 10 ? 0 : 1;
  const text = size.toFixed(digits);
  return `${size < 100 && Number(text) >= 100 ? "99.99" : text}%`;
}
