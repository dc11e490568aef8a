import type { Clock } from "../core/clock.js";
import { TursoPoolError } from "../core/errors.js";
import { seededRandom } from "../core/random.js";
import { parseTarget } from "../libsql/target.js";
import type { TargetResult } from "../libsql/target-result.js";
import { networkReport } from "../server/network/report.js";
import { planned } from "../tune/dry-run.js";
import type { TunePlan } from "../tune/plan.js";
import type { TunePlanResult, TuneResult } from "../tune/result.js";
import { runTune } from "../tune/run-tune.js";
import { Seats } from "../tune/seats.js";
import type { TuneProgress } from "../tune/site.js";
import { loadTarget } from "./load/load-target.js";
import { namedSession, openSession, type SessionOptions } from "./open-session.js";
import type { TuneFlags } from "./tune-flags.js";
import { tuneServerChoices } from "./tune-server-flags.js";
import { waysTo } from "./tune-ways.js";

export interface TuneRun {
  readonly clock: Clock;
  /** Stops it; what was found by then is told. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TuneProgress) => void;
  /** Told of what is worth knowing before it begins. */
  readonly say: (line: string) => void;
}

/**
 * Tunes for the database that the flags name.
 * @throws {TursoPoolError} when that cannot be used at all; `ABORTED` when it is stopped before anything was found
 */
export async function tune(flags: TuneFlags, plan: TunePlan, run: TuneRun): Promise<TuneResult> {
  try {
    return await tuneFor(flags, plan, run);
  } catch (error) {
    if (!run.signal.aborted) throw error;
    throw new TursoPoolError("ABORTED", "interrupted before anything was found");
  }
}

async function tuneFor(flags: TuneFlags, plan: TunePlan, run: TuneRun): Promise<TuneResult> {
  const started_at = new Date().toISOString();
  await using session = await openSession(sessionOptions(flags, plan), run.signal);
  const { target, server, network, lost } = session;
  if (server) run.say(`No --url: tuning for an embedded libSQL server, ${target.display}.`);
  const { timeout, "connect-timeout": connectTimeout } = flags;
  const findings = await runTune(plan, {
    ...(await waysTo(target, server)),
    ...{ timeout, connectTimeout, display: target.display, clock: run.clock, tell: run.onProgress },
    seats: new Seats(plan.maxConnectionsTried),
    random: seededRandom(plan.seed),
    signal: run.signal,
  }).catch((error: unknown) => {
    throw lost.aborted ? new TursoPoolError(ENDED.code, ENDED.message) : error;
  });
  return {
    ...{ schema_version: 1, command: "tune", started_at },
    target: loadTarget(target, { embedded: server !== undefined, network }).shown,
    ...findings,
    error: lost.aborted ? ENDED : findings.error,
  };
}

/** What it would do; nothing is connected to, and no server is started. @throws {TursoPoolError} as {@link tune} */
export async function dryRun(flags: TuneFlags, plan: TunePlan): Promise<TunePlanResult> {
  const options = sessionOptions(flags, plan);
  const named = namedSession(options);
  const { transport = "ws", tls = true, network } = options.embedded ?? {};
  // A server that there is not has no port.
  const target = named?.target ?? parseTarget(`${transport}${tls ? "s" : ""}://localhost`);
  const shown: TargetResult = loadTarget(target, {
    embedded: named === undefined,
    network: named !== undefined || network === undefined ? null : networkReport(network),
  }).shown;
  const ways = { ...(await waysTo(target, undefined)), isEmbedded: named === undefined };
  return { ...{ schema_version: 1, command: "tune", dry_run: true, target: shown }, ...planned(plan, ways) };
}

function sessionOptions(flags: TuneFlags, plan: TunePlan): SessionOptions {
  return { url: flags.url, embedded: tuneServerChoices(flags, plan.seed) };
}

const ENDED = { code: "UNREACHABLE", message: "the embedded server ended in mid-run", hint: null } as const;
