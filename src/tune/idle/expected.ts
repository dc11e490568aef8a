import type { Milliseconds } from "../../core/duration.js";

/** A gap with the limit in it: longer idle times were lost, shorter ones survived. */
export interface Gap {
  readonly lower: Milliseconds;
  readonly upper: Milliseconds;
}

/** Who was to idle for so long idled at most this much longer before it was asked. */
const TRIED: Milliseconds = 150;
/** One may be an accident; and who was tried at both ends, twice each, tells. */
const DISPROVED = 4;

/**
 * The part of a layer's own gap that is worth looking at first. Most limits are the same in all layers, so what another has
 * found out is taken for this one's, too, as long as nothing seen here speaks against it. It only says where to look: every
 * layer sees its own survivals and losses. So layers that share a limit find it as fast as one that had the connections of all.
 * @param lost idle times after which this layer's connections were lost: where a hint's both ends were, it is wrong
 * @returns `undefined` when nothing narrower than its own is known
 */
export function expectedGap(
  own: Gap,
  hints: readonly Gap[],
  lost: readonly Milliseconds[] = [],
): Gap | undefined {
  let gap = own;
  for (const { lower, upper } of hints.toSorted((a, b) => a.upper - a.lower - (b.upper - b.lower))) {
    if (upper === Infinity) continue;
    const lostThere = lost.filter((idle) => idle >= lower && idle <= upper + TRIED).length;
    if (lower > own.lower && lostThere >= DISPROVED) continue;
    const common = { lower: Math.max(gap.lower, lower), upper: Math.min(gap.upper, upper) };
    if (common.lower < common.upper) gap = common;
  }
  return gap.lower === own.lower && gap.upper === own.upper ? undefined : gap;
}
