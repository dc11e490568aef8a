import type { Milliseconds } from "../core/duration.js";
import type { IdleResult } from "./idle/result.js";
import type { TransportName } from "./result.js";

/** After how long a connection over this transport is lost when nobody uses it; `null` when no limit was found. */
export function idleLimitFor(idle: IdleResult | null, transport: TransportName): Milliseconds | null {
  const lost = (idle?.limits ?? [])
    .filter(({ whose, layers }) => whose === "network" || layers.some((layer) => layer === transport))
    .filter(({ whose }) => whose !== "client" && whose !== "stream")
    .map(({ lost_ms }) => lost_ms);
  return lost.length === 0 ? null : Math.min(...lost);
}
