import type { Milliseconds } from "../../core/duration.js";
import { SocketObserver } from "../../libsql/socket-observer.js";
import { holdPool } from "../../watch/hold-pool.js";
import type { HoldResult } from "./result.js";
import { seated } from "../seated.js";
import type { Site } from "../site.js";
import type { Candidate } from "./contender.js";

/** The guide's preset: interval 30 s, stale after 60 s, a ping times out after 5 s. */
export const GUIDE = { keepAliveInterval: 30_000, staleThreshold: 60_000, pingTimeout: 5_000 } as const;

/** Keeps a pool of so many connections idle, and uses each of them at the end: did they last? */
export async function hold(
  { way, settings }: Pick<Candidate, "way" | "settings">,
  plan: { readonly as: HoldResult["settings"]; readonly idle: Milliseconds; readonly connections: number },
  site: Site,
): Promise<HoldResult> {
  const { clock, random, signal, seats, display, timeout } = site;
  const { idle, connections } = plan;
  const held = await holdPool(
    { open: seated(way, seats), display, random, sockets: new SocketObserver().group() },
    {
      interval: idle,
      duration: idle,
      leakThreshold: Infinity,
      load: null,
      timeout,
      pool: {
        ...settings,
        minConnections: connections,
        maxConnections: connections,
        enableKeepalive: true,
        enableProactivePing: true,
      },
    },
    { clock, signal, onLook: () => undefined },
  );
  const { roll_call: roll } = held;
  return {
    settings: plan.as,
    keep_alive_interval_ms: settings.keepAliveInterval,
    idle_ms: held.duration_ms,
    connections: roll?.connections ?? 0,
    kept: roll?.kept ?? 0,
    held: roll === null || roll.connections === 0 ? null : roll.kept === roll.connections,
  };
}
