import type { Cost } from "../cost/measure-cost.js";
import type { IdleResult } from "../idle/result.js";
import type { TunePlan } from "../plan.js";
import type { SettingName, SettingResult } from "../result.js";
import type { SizeResult } from "../size/result.js";
import { currentSettings, type TunedSettings } from "./current.js";
import { unlessCloseEnough, unlessOneApart } from "./close-enough.js";
import {
  isBelow,
  JITTER,
  keepAliveInterval,
  LARGEST_SHARE_FOR_PING,
  pingTimeout,
  staleThreshold,
  type Derived,
} from "./keep-alive.js";
import { connectionTimeout, maxLifetime } from "./openings.js";
import { maxConnections, minConnections } from "./size.js";
import { heedingHint, smallestLimit, type Idleness } from "./smallest-limit.js";
import { transport } from "./transport.js";

/** What was measured. */
export interface Evidence {
  readonly costs: readonly Cost[];
  /** `null` when it was not looked for, or not found out; then `idleUnknown` says why. */
  readonly idle: IdleResult | null;
  readonly idleUnknown: string;
  readonly size: SizeResult | null;
}

export interface Recommendation {
  readonly now: TunedSettings;
  readonly recommended: TunedSettings;
  /** What to connect over. */
  readonly via: Cost;
  readonly idleness: Idleness;
  readonly settings: readonly SettingResult[];
}

/** Every setting with the measurement that led to it; `undefined` when nothing at all was measured. */
export function deriveSettings(plan: TunePlan, evidence: Evidence): Recommendation | undefined {
  const { profile } = plan;
  const { costs, idle, idleUnknown, size } = evidence;
  const [own] = costs;
  if (own?.open_ms == null || own.round_trip_ms === null) return undefined;
  const now = currentSettings(plan.current);
  const over = transport(costs);
  const via = over.value;
  const open = via.open_ms ?? own.open_ms;
  const trip = via.round_trip_ms ?? own.round_trip_ms;
  const idleness = heedingHint(smallestLimit(idle, idleUnknown), via);
  const isLocal = own.transport === "file" || own.transport === "memory";
  const asItIs = (value: number): Derived => ({ value, because: NO_SOCKET, rule: "as it is" });

  const safe = idleness.kind === "limit" ? idleness.safe : Infinity;
  const lost = idleness.kind === "limit" ? idleness.limit.lost_ms : Infinity;
  const asked = pingTimeout(trip, idleness);
  const timeout = isLocal
    ? asItIs(now.pingTimeout)
    : unlessCloseEnough(
        asked,
        now.pingTimeout,
        (value) => value <= Math.max(asked.value, LARGEST_SHARE_FOR_PING * safe),
      );
  const interval = isLocal
    ? asItIs(now.keepAliveInterval)
    : unlessCloseEnough(keepAliveInterval(profile, idleness, timeout.value), now.keepAliveInterval, (value) =>
        isBelow(safe, value, timeout.value),
      );
  const stale = isLocal
    ? asItIs(now.staleThreshold)
    : unlessCloseEnough(
        staleThreshold(profile, idleness, interval.value),
        now.staleThreshold,
        (value) => value >= interval.value && value < Math.min(safe * (1 + JITTER), lost),
      );
  const most = unlessOneApart(maxConnections(size, now.maxConnections, isLocal), now.maxConnections);
  const derived = {
    maxConnections: most,
    minConnections: minConnections(profile, { size, open, trip }, most.value),
    keepAliveInterval: interval,
    staleThreshold: stale,
    pingTimeout: timeout,
    connectionTimeout: unlessCloseEnough(connectionTimeout(open), now.connectionTimeout),
    maxLifetime: maxLifetime(open, now.maxLifetime),
  } satisfies Record<keyof TunedSettings, Derived>;
  const names = Object.keys(derived) as (keyof TunedSettings)[];
  return {
    now,
    recommended: Object.fromEntries(names.map((name) => [name, derived[name].value])) as TunedSettings,
    via,
    idleness,
    settings: [
      ...names.map((name) => row(name, now[name], derived[name])),
      row("transport", own.transport, { ...over, value: via.transport }),
    ],
  };
}

const NO_SOCKET = "a database of this machine has no connection that could be lost for idling";

function row(setting: SettingName, now: number | string, derived: Derived<number | string>): SettingResult {
  const isCount = setting === "maxConnections" || setting === "minConnections";
  const unit = setting === "transport" ? "name" : isCount ? "connections" : "ms";
  return { setting, unit, now, recommended: derived.value, because: derived.because, rule: derived.rule };
}
