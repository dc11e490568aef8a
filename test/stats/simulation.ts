import type { Random } from "../../src/core/random.js";
import type { Buckets } from "../../src/stats/buckets.js";

/** A standard normal number (Box-Muller). */
export const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Log-normal numbers about 1, `deviation` being that of their logarithms. */
export const logNormals = (count: number, deviation: number, random: Random): number[] =>
  Array.from({ length: count }, () => Math.exp(deviation * normal(random)));

/** How often something is so. */
export const rateOf = (times: number, once: () => boolean): number =>
  Array.from({ length: times }, once).filter(Boolean).length / times;

export function bucketsOf(values: readonly number[]): Buckets {
  const counts = new Map<number, number>();
  for (const value of values.toSorted((a, b) => a - b)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return { values: Float64Array.from(counts.keys()), counts: Float64Array.from(counts.values()) };
}
