import type { Milliseconds } from "../core/duration.js";
import type { Random } from "../core/random.js";
import type { Connection } from "../libsql/connection.js";
import { alertsOf } from "../monitor/health.js";
import type { PoolSnapshot, SocketCounts } from "../monitor/result.js";
import { snapshotOf } from "../monitor/snapshot.js";
import type { KeepAlivePoolOptions } from "../pool/config.js";
import { KeepAlivePool } from "../pool/keep-alive-pool.js";
import { LightLoad, type LightLoadPlan } from "./light-load.js";
import { observe, type ObservationPlan, type Watching } from "./observe.js";
import type { RollCallResult, StatsResult } from "./result.js";
import { Roll } from "./roll.js";
import { Silences } from "./silences.js";

export interface HoldPlan extends ObservationPlan {
  /** `null`: nobody uses the pool. */
  readonly load: LightLoadPlan | null;
  /** How long a statement may take. */
  readonly timeout: Milliseconds;
  readonly pool: Omit<KeepAlivePoolOptions, "open" | "clock" | "random">;
}

export interface HeldDatabase<C extends Connection> extends Pick<KeepAlivePoolOptions<C>, "open"> {
  /** Its URL without secrets. */
  readonly display: string;
  /** Counts the sockets of those connections; `undefined` where there are none. */
  readonly sockets: SocketCounts | undefined;
  readonly random: Random;
}

type Held = Pick<
  StatsResult,
  "mode" | "duration_ms" | "load" | "roll_call" | "keep_alive_holds" | "snapshot" | "alerts"
>;

/** The pool's callers are done by then, and its connections need not be waited for. */
const CLOSE_PATIENCE_MS = 1_000;

/** Holds a pool open under a light load, or under none, and tells what becomes of it. Afterwards nothing is left of it. */
export async function holdPool<C extends Connection>(
  { open, display, sockets, random }: HeldDatabase<C>,
  plan: HoldPlan,
  watching: Watching,
): Promise<Held> {
  const { clock } = watching;
  const patience = { clock, timeout: plan.timeout, where: display };
  const pool = new KeepAlivePool<C>({ ...plan.pool, open, clock, random });
  try {
    const silences = new Silences(pool, clock);
    const roll = plan.load === null ? new Roll(pool, silences) : undefined;
    const load = plan.load && new LightLoad({ ...plan.load, ...patience, pool, silences, random });
    const { took } = await observe(() => snapshotOf(pool, { sockets }), plan, watching);
    const loaded = await load?.stop();
    const called = await roll?.call(patience);
    const snapshot = snapshotOf(pool, { sockets });
    return {
      mode: plan.load === null ? "idle" : "load",
      duration_ms: took,
      load: loaded ?? null,
      roll_call: called ?? null,
      keep_alive_holds: called ? holds(called, snapshot) : null,
      snapshot,
      alerts: alertsOf(silences.amongLosses(snapshot), plan),
    };
  } finally {
    await pool.close({ timeout: CLOSE_PATIENCE_MS });
  }
}

/** `null` where it cannot be told: not all that were asked for were there, or no ping was due that could have failed. */
function holds(
  { connections, kept, calls }: RollCallResult,
  { config, statistics }: PoolSnapshot,
): boolean | null {
  if (connections === 0) return null;
  if (kept < connections) return false;
  const isUntried = config.enable_proactive_ping && statistics.total_proactive_pings === 0;
  return connections < calls || isUntried ? null : true;
}
