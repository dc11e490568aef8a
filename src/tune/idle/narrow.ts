import type { Milliseconds } from "../../core/duration.js";
import { independentLosses, type Cuts } from "./cuts.js";
import { expectedGap } from "./expected.js";
import type { Search } from "./knowledge.js";

/** What is lost for having idled is lost for idling a little longer, too; when it is closed, that may be at another moment. */
const LONGER = 1.05;
const LONGER_IF_CLOSED = 1.25;
const MOMENT: Milliseconds = 300;

/** What to try when something was lost, most useful first, and beyond which idle time there is nothing to learn. */
export interface Narrowing {
  readonly wanted: readonly Milliseconds[];
  readonly cap: Milliseconds;
}

/**
 * Divides the gap between the longest survival and the shortest loss; when it is narrow enough, tries its ends again. A
 * closing is seen at its very moment, so there is nothing to divide: only whether it was alive just before is to be found out.
 */
export function narrow(search: Search, cuts: Cuts, tolerance: Milliseconds): Narrowing {
  const { observations, waiting, seats } = search;
  const { best } = cuts;
  const isClosed = observations.some(({ idle, lost }) => idle === best.upper && lost === "closed");
  const cap = best.upper * (isClosed ? LONGER_IF_CLOSED : LONGER) + MOMENT;
  const lost = observations.flatMap((one) => (one.lost === null ? [] : [one.idle]));
  const { lower, upper } = (isClosed ? undefined : expectedGap(best, search.hints ?? [], lost)) ?? best;
  if (!isClosed && upper - lower > tolerance * 0.9) {
    return { wanted: divide(search, lower, upper, tolerance), cap };
  }
  const at = isClosed ? Math.max(lower, upper - tolerance / 2) : lower;
  // Others that were lost later cast doubt on it: whether any is alive a little later decides that.
  const doubt = Math.min(tolerance, cuts.range.upper === Infinity ? 0 : cuts.range.upper - upper);
  const longer = !isClosed ? upper : doubt > tolerance / 8 ? upper + doubt / 2 : cap;
  const isNear = (idle: Milliseconds): boolean => idle >= upper - tolerance && idle < upper;
  const survivals = observations.filter(({ idle, lost }) => lost === null && isNear(idle)).length;
  const losses = independentLosses(observations).filter(
    ({ idle }) => idle >= upper && idle <= (isClosed ? upper : lower) + Math.max(tolerance, upper - lower),
  ).length;
  const below = waiting.filter(({ idle }) => isNear(idle)).length;
  const above = waiting.filter(({ idle }) => idle >= upper).length;
  // One more where there are plenty: it saves another round when something gets in the way.
  const enough = (seats >= 4 ? 3 : 2) + best.against;
  const wanted: Milliseconds[] = [];
  const missing = {
    below: upper <= tolerance ? 0 : enough - survivals - below,
    above: enough - losses - above,
  };
  while (missing.below > 0 || missing.above > 0) {
    if (missing.above-- > 0) wanted.push(longer);
    if (missing.below-- > 0) wanted.push(at);
  }
  // By the counts it was enough, and still it is not settled: try the side that is open.
  if (wanted.length === 0 && waiting.length === 0) {
    const { range } = cuts;
    const isOpenAbove = range.upper - upper > upper - range.lower || at === 0;
    wanted.push(isOpenAbove ? (upper + Math.min(range.upper, cap)) / 2 : at);
  }
  return { wanted, cap };
}

/** Idle times that divide a gap, between those that are waited for already, here and in other layers. */
function divide(
  { waiting, seats, elsewhere = [] }: Search,
  lower: Milliseconds,
  upper: Milliseconds,
  tolerance: Milliseconds,
): Milliseconds[] {
  const free = Math.max(0, seats - waiting.length);
  const isWithin = (idle: Milliseconds): boolean => idle > lower && idle < upper;
  const here = waiting.map(({ idle }) => idle).filter(isWithin);
  const there = elsewhere.filter(isWithin);
  const wanted =
    here.length + there.length > 0 ? between([lower, ...here, ...there, upper], free, tolerance) : [];
  // What others will find out soon has to be seen here, too.
  return wanted.length > 0 || here.length > 0 ? wanted : evenly(lower, upper, free, tolerance);
}

/** The middles of the widest gaps between points. */
function between(all: readonly Milliseconds[], most: number, tolerance: Milliseconds): Milliseconds[] {
  const points = all.toSorted((a, b) => a - b);
  const wanted: Milliseconds[] = [];
  for (let i = 0; i < most; i++) {
    const widest = points
      .slice(1)
      .map((point, at) => ({ at, width: point - (points[at] ?? 0), middle: (point + (points[at] ?? 0)) / 2 }))
      .toSorted((a, b) => b.width - a.width)[0];
    if (widest === undefined || widest.width <= tolerance * 0.9) break;
    wanted.push(widest.middle);
    points.splice(widest.at + 1, 0, widest.middle);
  }
  return wanted;
}

function evenly(
  lower: Milliseconds,
  upper: Milliseconds,
  most: number,
  tolerance: Milliseconds,
): Milliseconds[] {
  const parts = Math.min(most + 1, Math.ceil((upper - lower) / (tolerance * 0.8)));
  const points = Array.from({ length: parts - 1 }, (_, i) => lower + ((upper - lower) * (i + 1)) / parts);
  // Twice each where there is room: so what is found is confirmed already.
  return (most >= 2 * points.length ? [...points, ...points] : points).toSorted((a, b) => b - a);
}
