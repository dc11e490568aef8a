import type { Milliseconds } from "../../core/duration.js";

/** A gap with the limit in it: longer idle times were lost, shorter ones survived. */
export interface Gap {
  readonly lower: Milliseconds;
  readonly upper: Milliseconds;
}

/**
 * The part of a layer's own gap that is worth looking at first. Most limits are the same in all layers, so what another has
 * found out is taken for this one's, too, as long as nothing seen here speaks against it. It only says where to look: every
 * layer sees its own survivals and losses. So layers that share a limit find it as fast as one that had the connections of all.
 * @returns `undefined` when nothing narrower than its own is known
 */
export function expectedGap(own: Gap, hints: readonly Gap[]): Gap | undefined {
  let gap = own;
  for (const { lower, upper } of hints.toSorted((a, b) => a.upper - a.lower - (b.upper - b.lower))) {
    if (upper === Infinity) continue;
    const common = { lower: Math.max(gap.lower, lower), upper: Math.min(gap.upper, upper) };
    if (common.lower < common.upper) gap = common;
  }
  return gap.lower === own.lower && gap.upper === own.upper ? undefined : gap;
}
