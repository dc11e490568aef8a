// The only place that rounds.
import type { GateResult } from "../bench/result.js";
import type { Interval } from "../stats/bootstrap.js";

/** What a figure is counted in. */
export type Unit = GateResult["unit"];

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
  const size = Math.abs(value);
  if (size >= 100) return grouped.format(value);
  return value.toFixed(size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** Milliseconds in few characters, to the hundredth at most: `0.05`, `2.31`, `20.1`, `120`. */
export function shortMilliseconds(value: number): string {
  return value < 1 ? value.toFixed(2) : milliseconds(value);
}

/** Milliseconds with unit. */
export function duration(value: number | null): string {
  return value === null ? NO_FIGURE : `${milliseconds(value)} ms`;
}

/** A planned length of time, which is a round number: `250 ms`, `4 s`. */
export function span(value: number): string {
  return value >= 1_000 ? `${value / 1_000} s` : `${value} ms`;
}

/** Time that has passed: `0.5s`, `2s`, `120s`; to the tenth of a second up to 100 of them. */
export function elapsed(value: number): string {
  return `${Number((value / 1_000).toFixed(value < 100_000 ? 1 : 0))}s`;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/**
 * A length of time in the unit that suits it, to three digits and without idle zeros: `0.42 ms`, `4.5 s`, `90 s`,
 * `30 min`, `24 h`.
 */
export function period(value: number | null): string {
  if (value === null) return NO_FIGURE;
  // What rounds up to the next unit is written in it.
  const digits = Number(value.toPrecision(3));
  if (digits < SECOND) return `${digits} ms`;
  if (digits < 2 * MINUTE) return `${short(value / SECOND)} s`;
  return digits < 2 * HOUR ? `${short(value / MINUTE)} min` : `${short(value / HOUR)} h`;
}

/** Time that a run takes, from two minutes in minutes and seconds: `0.42 s`, `113 s`, `3 min 40 s`. */
export function stretch(value: number): string {
  const seconds = Math.round(value / SECOND);
  if (seconds < 120) return period(value);
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? "" : ` ${rest} s`}`;
}

const short = (value: number): string => String(Number(value.toPrecision(3)));

/** How often something happens, in the unit that suits it: `200/s`, `1/min`, `0.5/h`. */
export function frequency(perSecond: number): string {
  if (perSecond >= 1) return `${significant(perSecond)}/s`;
  return perSecond * 60 >= 1 ? `${short(perSecond * 60)}/min` : `${short(perSecond * 3_600)}/h`;
}

/** A figure without unit, to three digits that count: `0.0123`, `4.02`, `12,345`. */
export function plain(value: number | null): string {
  return value === null ? NO_FIGURE : significant(value);
}

/** Both ends of an interval of milliseconds, without unit: `5.02 to 5.31`. */
export function millisecondsBetween(ends: Interval | null): string {
  return ends === null ? NO_FIGURE : `${milliseconds(ends.low)} to ${milliseconds(ends.high)}`;
}

/** Both ends of an interval of a rate: `190 to 205`. */
export function ratesBetween(ends: Interval | null): string {
  return ends === null ? NO_FIGURE : `${rate(ends.low)} to ${rate(ends.high)}`;
}

/** Both ends of an interval of a factor: `1.80x to 2.1x`. */
export function factorsBetween(ends: Interval): string {
  return `${factor(ends.low)} to ${factor(ends.high)}`;
}

/** Milliseconds as a setting that may have no fraction. Less is the safe side: of a limit, and of patience. */
export function wholeMilliseconds(value: number): number {
  return Math.max(1, Math.floor(value));
}

/** As {@link wholeMilliseconds}, in seconds. */
export function wholeSeconds(value: number): number {
  return Math.max(1, Math.floor(value / SECOND));
}

/** A whole number as source code has it: `30_000`. */
export function literal(value: number): string {
  return grouped.format(value).replaceAll(",", "_");
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

const NANOSECONDS_PER_MS = 1e6;

/**
 * A figure with its unit, to three significant digits or to the whole number, so that it can be held against a
 * limit: `0.412 ms`, `850 ns`, `3,209/s`, `0.0312%`, `1.034x`.
 */
export function quantity(value: number | null, unit: Unit): string {
  return value === null ? NO_FIGURE : written([value], unit);
}

/** Both ends of an interval, in one unit: `0.390 to 0.440 ms`, `1.02x to 1.05x`. */
export function interval(ends: Interval | null, unit: Unit): string {
  return ends === null ? NO_FIGURE : written([ends.low, ends.high], unit);
}

function written(values: readonly number[], unit: Unit): string {
  switch (unit) {
    case "ms": {
      const greatest = Math.max(...values.map(Math.abs));
      return greatest > 0 && greatest < 0.001
        ? `${values.map((value) => significant(value * NANOSECONDS_PER_MS)).join(" to ")} ns`
        : `${values.map((value) => significant(value)).join(" to ")} ms`;
    }
    case "per_second":
      return values.map((value) => `${significant(value)}/s`).join(" to ");
    case "percent":
      return values.map((value) => `${share(value)}%`).join(" to ");
    case "factor":
      return values.map((value) => `${significant(value, near(value) ? 4 : 3)}x`).join(" to ");
  }
}

/** Factors say most about themselves close to 1. */
const near = (value: number): boolean => value >= 1 && value < 2;

/** Never rounded up to 100 while something is left. */
function share(value: number): string {
  const text = significant(value);
  return value < 100 && Number(text) >= 100 ? "99.99" : text;
}

/** Three digits that count, or all of a whole number: `0.0312`, `4.02`, `47.1`, `12,345`; a limit of 4 is `4`. */
function significant(value: number, digits = 3): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return grouped.format(value);
  const decimals = Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(size))));
  return decimals === 0 ? grouped.format(value) : value.toFixed(decimals);
}
