import type { Milliseconds } from "../../core/duration.js";
import type { CostFigures } from "../result.js";
import type { Profile } from "../profile.js";
import { about } from "../words.js";
import { roundedDown, roundedUp } from "./rounding.js";
import type { Idleness } from "./smallest-limit.js";

/** A value with the measurement that led to it, and the rule. */
export interface Derived<T = number> {
  readonly value: T;
  readonly because: string;
  readonly rule: string;
}

/** A ping comes up to this share of the interval early; counted as if it came late, to be on the safe side. */
export const JITTER = 0.2;
const SHORTEST_PING_TIMEOUT: Milliseconds = 1_000;
const LONGEST_PING_TIMEOUT: Milliseconds = 5_000;
const TAILS = 10;
/** Of a limit, a ping may wait for its answer for so much at most. */
export const LARGEST_SHARE_FOR_PING = 0.25;
/** Where answers take so long that this is too short: at least so many times their tail, and no more than this. */
const LEAST_TAILS = 1.5;
const LARGEST_SHARE_IF_SLOW = 0.6;

/** From the tail of the round trip, and never so long that a limit passes meanwhile. */
export function pingTimeout(trip: CostFigures, idleness: Idleness): Derived {
  const tail = trip.p99 ?? trip.max;
  const named = trip.p99 === null ? "the longest" : "P99";
  const wanted = Math.min(LONGEST_PING_TIMEOUT, Math.max(SHORTEST_PING_TIMEOUT, roundedUp(TAILS * tail)));
  const because = `${named} of ${trip.samples} round trips took ${about(tail)}`;
  const whole = `${TAILS} times that, from ${about(SHORTEST_PING_TIMEOUT)} to ${about(LONGEST_PING_TIMEOUT)}`;
  if (idleness.kind !== "limit") return { value: wanted, because, rule: whole };
  const { safe } = idleness;
  const share = roundedDown(LARGEST_SHARE_FOR_PING * safe);
  // A ping that is given up before its answer can come closes a connection that works.
  const needed = Math.min(roundedUp(LEAST_TAILS * tail), roundedDown(LARGEST_SHARE_IF_SLOW * safe));
  const most = Math.max(share, needed);
  const isSlow = needed > share;
  const shortened = isSlow
    ? `${LEAST_TAILS} times that, where there is room for it below the ${about(safe)} that a connection was seen to survive`
    : `a quarter of the ${about(safe)} that a connection was seen to survive`;
  return { value: Math.min(wanted, most), because, rule: most < wanted ? shortened : whole };
}

/** Whether a ping at this interval, late by the jitter and answered at the last moment, still comes before that. */
export function isBelow(safe: Milliseconds, interval: Milliseconds, timeout: Milliseconds): boolean {
  return interval * (1 + JITTER) + timeout < safe;
}

/** Interval + ping timeout + jitter is less than the smallest limit, by the profile's margin. */
export function keepAliveInterval(profile: Profile, idleness: Idleness, timeout: Milliseconds): Derived {
  const guide = profile.keepAliveInterval;
  if (idleness.kind !== "limit") {
    return {
      value: guide,
      because: withoutLimit(idleness),
      rule: `the workload's own, from ${profile.source}`,
    };
  }
  const { safe, limit } = idleness;
  const most = roundedDown((profile.margin * (safe - timeout)) / (1 + JITTER));
  const because = `${limit.name}: lost after ${about(limit.limit_ms)} idle, ${about(safe)} survived`;
  if (guide <= most) return { value: guide, because, rule: "the workload's own, which is short enough" };
  return {
    value: most,
    because,
    rule: `with ${100 * JITTER}% jitter, ${Math.round(100 * profile.margin)}% of what that leaves beside the ping timeout`,
  };
}

/** Doubted when it has not been heard of for as long as it was seen to survive; never before its ping was due. */
export function staleThreshold(profile: Profile, idleness: Idleness, interval: Milliseconds): Derived {
  const guide = profile.staleThreshold;
  const most = idleness.kind === "limit" ? roundedDown(idleness.safe) : Infinity;
  if (guide <= most) {
    return {
      value: Math.max(guide, interval),
      because: idleness.kind === "limit" ? `${about(most)} idle were survived` : withoutLimit(idleness),
      rule: `the workload's own, from ${profile.source}`,
    };
  }
  return {
    value: Math.max(most, interval),
    because: `${about(most)} idle were survived, the profile's ${about(guide)} were not`,
    rule: "no longer than a connection was seen to survive",
  };
}

function withoutLimit(idleness: Exclude<Idleness, { kind: "limit" }>): string {
  return idleness.kind === "none"
    ? `no idle limit up to ${about(idleness.upTo)}`
    : `idle limits are not known: ${idleness.why}`;
}
