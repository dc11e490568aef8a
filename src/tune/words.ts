import { formatDuration, type Milliseconds } from "../core/duration.js";

/** A duration in a sentence, in as many digits as one reads: `0.24ms`, `12ms`, `6.9s`. */
export function about(duration: Milliseconds): string {
  if (duration >= 60_000 && duration % 60_000 === 0) return formatDuration(duration);
  if (duration >= 1_000) return `${Number((duration / 1_000).toFixed(2))}s`;
  return `${Number(duration.toPrecision(2))}ms`;
}

/** `1 connection`, `2 connections`; a verb's end is the caller's. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
