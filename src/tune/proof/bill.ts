import type { Milliseconds } from "../../core/duration.js";
import type { TunedSettings } from "../derive/current.js";
import { JITTER } from "../derive/keep-alive.js";
import type { Profile } from "../profile.js";
import type { CostFigures } from "../result.js";
import type { BillResult } from "./result.js";

const DAY: Milliseconds = 86_400_000;

export interface BillFacts {
  readonly settings: TunedSettings;
  readonly profile: Profile;
  readonly open: CostFigures;
  readonly trip: CostFigures;
  readonly quotaPerDay: number | null;
  /** No connection of this target has to be kept alive. */
  readonly isLocal: boolean;
}

/**
 * What keeping connections alive costs when nobody uses them, and the traffic below which that is more than it saves: a
 * ping costs a round trip, a connection that is kept saves opening one.
 */
export function billOf({ settings, profile, open, trip, quotaPerDay, isLocal }: BillFacts): BillResult {
  const held = settings.minConnections;
  // A ping comes up to a fifth early, each connection at a moment of its own.
  const every = settings.keepAliveInterval * (1 - JITTER / 2);
  const pings = isLocal ? 0 : (held * DAY) / every;
  const operations = (profile.perSecond * DAY) / 1_000;
  const breakEven = isLocal || open.p50 <= 0 ? null : (pings * trip.p50) / open.p50;
  return {
    connections_held: held,
    pings_per_day: Math.round(pings),
    quota_per_day: quotaPerDay,
    quota_share: quotaPerDay === null ? null : pings / quotaPerDay,
    break_even_per_day: breakEven === null ? null : Math.round(breakEven),
    operations_per_day: Math.round(operations),
    pooling_pays: breakEven === null ? null : operations >= breakEven,
    rule:
      breakEven === null
        ? "a database of this machine needs no pings"
        : operations >= breakEven
          ? "opening a connection for each operation would take more time than the pings do"
          : `${Math.round(operations)} operations a day are fewer than the ${Math.round(breakEven)} from which pings take less time than they save`,
  };
}
