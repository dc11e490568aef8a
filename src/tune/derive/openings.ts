import type { Milliseconds } from "../../core/duration.js";
import type { CostFigures } from "../result.js";
import { about } from "../words.js";
import type { Derived } from "./keep-alive.js";
import { roundedUp } from "./rounding.js";

const SHORTEST_CONNECTION_TIMEOUT: Milliseconds = 2_000;
const LONGEST_CONNECTION_TIMEOUT: Milliseconds = 10_000;
const TAILS = 10;
/** A connection lives for so many times as long as it takes to open, so that opening is 1 in 10,000 of its time. */
const LIVES = 10_000;
const LONGEST_LIFETIME: Milliseconds = 60 * 60_000;
const MINUTE: Milliseconds = 60_000;

export function connectionTimeout(open: CostFigures): Derived {
  const wanted = roundedUp(TAILS * open.max);
  return {
    value: Math.min(LONGEST_CONNECTION_TIMEOUT, Math.max(SHORTEST_CONNECTION_TIMEOUT, wanted)),
    because: `the slowest of ${open.samples} openings took ${about(open.max)}`,
    rule: `${TAILS} times that, from ${about(SHORTEST_CONNECTION_TIMEOUT)} to ${about(LONGEST_CONNECTION_TIMEOUT)}`,
  };
}

/** Longer only where it has to be: that connections are replaced at times is what it is for. */
export function maxLifetime(open: CostFigures, now: Milliseconds): Derived {
  const least = Math.min(LONGEST_LIFETIME, Math.ceil((LIVES * open.max) / MINUTE) * MINUTE);
  const because = `opening took ${about(open.max)} at most`;
  const isCapped = LIVES * open.max > LONGEST_LIFETIME;
  if (isCapped) {
    const rule = `opening takes more than 1 in ${LIVES} of any lifetime up to ${about(LONGEST_LIFETIME)}, the longest that is recommended`;
    return {
      value: Math.max(now, LONGEST_LIFETIME),
      because,
      rule: now > least ? `as it is: ${rule}` : rule,
    };
  }
  return now >= least
    ? { value: now, because, rule: `as it is: opening is no more than 1 in ${LIVES} of a connection's time` }
    : { value: least, because, rule: `so long that opening is no more than 1 in ${LIVES} of it` };
}
