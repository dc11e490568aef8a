import type { Milliseconds } from "../core/duration.js";

/** A duration in a sentence, in as many digits as one reads: `0.24 ms`, `12 ms`, `6.9 s`, `30 min`. */
export function about(duration: Milliseconds): string {
  if (duration >= 120_000 && duration % 60_000 === 0) return `${duration / 60_000} min`;
  if (duration >= 1_000) return `${Number((duration / 1_000).toPrecision(3))} s`;
  return `${Number(duration.toPrecision(2))} ms`;
}

/** `1 connection`, `2 connections`; a verb's end is the caller's. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
