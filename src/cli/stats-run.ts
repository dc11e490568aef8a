import { readFile } from "node:fs/promises";
import { TursoPoolError } from "../core/errors.js";
import { connectTo } from "../libsql/connector.js";
import { SocketObserver } from "../libsql/socket-observer.js";
import { alertsOf } from "../monitor/health.js";
import { holdPool } from "../watch/hold-pool.js";
import { observe, type Watching } from "../watch/observe.js";
import { preflight } from "../watch/preflight.js";
import type { StatsResult } from "../watch/result.js";
import { loadTarget } from "./load/load-target.js";
import { embeddedChoices } from "./network-flags.js";
import { openSession } from "./open-session.js";
import { attachmentOf, lookAt } from "./stats-attach.js";
import { checkOneLook, holdPlan, observationPlan, type StatsFlags } from "./stats-flags.js";

export interface StatsRun extends Watching {
  /** Told of what is worth knowing before it begins. */
  readonly say: (line: string) => void;
}

/**
 * Watches the pool that the flags ask for.
 * @throws {TursoPoolError} `ABORTED` when it is stopped before there was anything to see
 */
export async function watchPool(flags: StatsFlags, run: StatsRun): Promise<StatsResult> {
  const { attach } = flags;
  try {
    return await (attach === undefined ? watchOwnPool(flags, run) : watchAttached(attach, flags, run));
  } catch (error) {
    if (!run.signal.aborted) throw error;
    throw new TursoPoolError("ABORTED", "interrupted before there was anything to see");
  }
}

/** Holds a pool open on the database that the flags name. */
async function watchOwnPool(flags: StatsFlags, run: StatsRun): Promise<StatsResult> {
  const plan = holdPlan(flags);
  await using session = await openSession({ url: flags.url, embedded: embeddedChoices(flags) }, run.signal);
  const { target, server, network, lost } = session;
  if (server) run.say(`No --url: watching a pool on an embedded libSQL server, ${target.display}.`);
  const ca = server?.caFile === undefined ? undefined : await readFile(server.caFile, "utf8");
  const { timeout, "connect-timeout": connectTimeout } = flags;
  const patience = { clock: run.clock, where: target.display, timeout, connectTimeout };
  await preflight(connectTo(target, { ca }), patience, run.signal);
  const started_at = new Date().toISOString();
  const sockets = new SocketObserver().group();
  const held = await holdPool(
    {
      open: connectTo(target, { ca, sockets }),
      display: target.display,
      sockets: target.kind === "local" ? undefined : sockets,
      random: Math.random,
    },
    plan,
    { ...run, signal: AbortSignal.any([run.signal, lost]) },
  );
  const ended = { code: "UNREACHABLE", message: "the embedded server ended in mid-run", hint: null } as const;
  return {
    ...summary(started_at, run),
    ...held,
    // What the end of our own server did to the pool is no news.
    alerts: lost.aborted ? [] : held.alerts,
    target: loadTarget(target, { embedded: server !== undefined, network }).shown,
    attached: null,
    error: lost.aborted ? ended : null,
  };
}

/** Watches the pool of another process, or what was saved of it. */
async function watchAttached(name: string, flags: StatsFlags, run: StatsRun): Promise<StatsResult> {
  const attachment = await attachmentOf(name);
  const { kind, address } = attachment;
  if (kind === "file") checkOneLook(flags);
  const plan = observationPlan(flags, kind === "file" ? 0 : Infinity);
  const started_at = new Date().toISOString();
  const seen = await observe(await lookAt(attachment, flags.timeout), plan, run);
  return {
    ...summary(started_at, run),
    mode: "attach",
    duration_ms: seen.took,
    target: null,
    load: null,
    roll_call: null,
    keep_alive_holds: null,
    attached: { kind, address, missed: seen.missed, restarts: seen.restarts },
    snapshot: seen.last,
    alerts: alertsOf(seen.last, plan),
    error: seen.error,
  };
}

function summary(started_at: string, { signal }: StatsRun) {
  return {
    schema_version: 1,
    type: "summary",
    command: "stats",
    started_at,
    interrupted: signal.aborted,
  } as const;
}
