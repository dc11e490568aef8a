import type { Milliseconds } from "../../core/duration.js";
import type { Cut } from "./cuts.js";
import { expectedGap } from "./expected.js";
import { NEARLY, type Search } from "./knowledge.js";

/** Rungs of the ladder: with many connections they are closer, with few they are climbed in fewer steps. */
const LEAST_RATIO = 1.5;
const MOST_RATIO = 2.5;
/** With connections to spare, rungs that take long are put closer: to go back to them takes as long again. */
const CLOSE_RATIO = 1.15;
const WORTH_IT: Milliseconds = 3_000;
/** Connections that shall survive the longest idle time before there is said to be no limit. */
const AT_THE_TOP = 2;

/** What to try as long as nothing was lost: a ladder from what was survived up to the longest idle time. */
export function explore(search: Search, { lower: survived, against }: Cut): Milliseconds[] {
  const { waiting, seats, floor, reach, observations } = search;
  const begin: Milliseconds[] = [];
  const top = observations.filter(({ idle, lost }) => lost === null && idle >= reach * NEARLY).length;
  const planned = waiting.map(({ idle, age }) => ({ idle, left: Math.max(0, idle - age) }));
  const add = (idle: Milliseconds): void => {
    begin.push(idle);
    planned.push({ idle, left: idle });
  };
  const free = (): boolean => planned.length < seats;
  const expected = expectedGap({ lower: survived, upper: Infinity }, search.hints ?? []);
  if (expected !== undefined && expected.upper < reach) {
    const { lower, upper } = expected;
    const isTried = waiting.some(({ idle }) => idle >= lower && idle <= upper);
    // At the start there is nothing that it could be confirmed by later.
    const times = observations.length === 0 ? 2 : 1;
    for (let i = 0; i < times && !isTried; i++) for (const idle of [upper, lower]) if (free()) add(idle);
  }
  const ratio = Math.min(
    MOST_RATIO,
    Math.max(LEAST_RATIO, (reach / Math.max(survived, floor)) ** (1 / Math.max(1, seats - AT_THE_TOP))),
  );
  while (free()) {
    const highest = Math.max(survived, ...planned.map(({ idle }) => idle));
    if (highest < reach * NEARLY) {
      const next = Math.max(floor, highest * ratio);
      // A rung just below the top would tell nothing that the top does not.
      add(next * 1.2 > reach ? reach : next);
    } else if (top + planned.filter(({ idle }) => idle >= reach * NEARLY).length < AT_THE_TOP + against) {
      add(reach);
    } else {
      const between = widestUseful(survived, planned);
      if (between === undefined) break;
      add(between);
    }
  }
  // By the counts it was enough, and still something speaks for a limit.
  if (planned.length === 0) add(reach);
  // Those that take longest first: they are opened one after the other.
  return begin.toSorted((a, b) => b - a);
}

/** A rung between two others, the lowest that is known soon enough: not much later than the one above it. */
function widestUseful(
  survived: Milliseconds,
  planned: readonly { readonly idle: Milliseconds; readonly left: Milliseconds }[],
): Milliseconds | undefined {
  const ahead = planned.filter(({ idle }) => idle > survived).toSorted((a, b) => a.idle - b.idle);
  let lower = survived;
  for (const { idle, left } of ahead) {
    const between = Math.sqrt(lower * idle);
    if (between > WORTH_IT && idle / lower > CLOSE_RATIO && between * 0.8 <= left) return between;
    lower = idle;
  }
  return undefined;
}
