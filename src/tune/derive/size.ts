import type { Profile } from "../profile.js";
import type { CostFigures } from "../result.js";
import type { SizeResult } from "../size/result.js";
import { about, counted } from "../words.js";
import type { Derived } from "./keep-alive.js";

/** A connection that is being pinged or replaced, or that has a slow statement, must not stop everybody. */
const LEAST_REMOTE = 2;

/** As the sweep says; without one, as it is. */
export function maxConnections(size: SizeResult | null, now: number, isLocal: boolean): Derived {
  if (size === null) return { value: now, because: "the sweep was not made", rule: "as it is" };
  const { knee, tried } = size;
  const because =
    knee === null
      ? `throughput was still growing at ${counted(tried, "connection")}`
      : `beyond ${counted(knee, "connection")} at a time latency grows faster than throughput`;
  return isLocal || size.size >= LEAST_REMOTE || size.tried < LEAST_REMOTE
    ? { value: size.size, because, rule: size.rule }
    : { value: LEAST_REMOTE, because, rule: `${size.rule}; ${LEAST_REMOTE}, as one may be busy with a ping` };
}

/** Those that a burst finds open: the profile's, at least as many as are busy on average. */
export function minConnections(
  profile: Profile,
  { size, open, trip }: { size: SizeResult | null; open: CostFigures; trip: CostFigures },
  most: number,
): Derived {
  const busy = Math.ceil(size?.busy ?? 0);
  return {
    value: Math.min(most, Math.max(profile.minConnections, busy)),
    because: `opening one takes ${about(open.p50)}, a statement ${about(trip.p50)}`,
    rule: `the profile's ${profile.minConnections}, and as many as are busy on average; no more than maxConnections`,
  };
}
