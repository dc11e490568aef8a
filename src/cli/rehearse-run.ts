import { readFile } from "node:fs/promises";
import type { Clock } from "../core/clock.js";
import { TursoPoolError } from "../core/errors.js";
import { connectTo } from "../libsql/connector.js";
import { plainContestant } from "../rehearse/plain-contestant.js";
import { poolContestant } from "../rehearse/pool-contestant.js";
import type { RehearsalPlan } from "../rehearse/rehearse-fault.js";
import { rehearsedFaults, type Rehearsed } from "../rehearse/rehearsed-faults.js";
import type { RehearsalResult, SkippedFault } from "../rehearse/result.js";
import { runRehearsal } from "../rehearse/run-rehearsal.js";
import { preflight } from "../watch/preflight.js";
import { loadTarget } from "./load/load-target.js";
import { embeddedChoices } from "./network-flags.js";
import { openSession } from "./open-session.js";
import type { Step } from "./progress-text.js";
import { rehearsalPlan } from "./rehearse-plan.js";
import { holdPlan, type StatsFlags } from "./stats-flags.js";

export interface RehearsalRun {
  readonly clock: Clock;
  /** Stops it; the faults that are done by then are told. */
  readonly signal: AbortSignal;
  readonly onStep: (step: Step) => void;
  /** Told of what is worth knowing before it begins. */
  readonly say: (line: string) => void;
  /** See {@link Interruption.onLastAct}. */
  readonly onLastAct: (act: () => void) => () => void;
}

/**
 * Rehearses faults between the database that the flags name and those who use it.
 * @throws {TursoPoolError} `INVALID_OPTION` for a database that is not reached over a network; `ABORTED` when it is stopped
 * before a fault was done; what the preflight says
 */
export async function rehearse(flags: StatsFlags, run: RehearsalRun): Promise<RehearsalResult> {
  try {
    return await rehearseUninterrupted(flags, run);
  } catch (error) {
    if (!run.signal.aborted) throw error;
    throw new TursoPoolError("ABORTED", "interrupted before a fault was rehearsed");
  }
}

async function rehearseUninterrupted(flags: StatsFlags, run: RehearsalRun): Promise<RehearsalResult> {
  const { clock, signal } = run;
  const { plan, operationTimeout } = rehearsalPlan(flags);
  const { pool } = holdPlan(flags);
  await using session = await openSession({ url: flags.url, embedded: embeddedChoices(flags) }, signal);
  const { target, server, network, lost } = session;
  if (target.kind === "local") throw notRemote(target.display);
  const ofServer = server && [frozen(server.pid, run.onLastAct)];
  const list = rehearsedFaults({ target, ofServer, only: flags.fault });
  if (list.faults.length === 0) throw nothingToRehearse(list.skipped);
  if (server) run.say(`No --url: rehearsing faults on an embedded libSQL server, ${target.display}.`);
  const ca = server?.caFile === undefined ? undefined : await readFile(server.caFile, "utf8");
  const { timeout, "connect-timeout": connectTimeout } = flags;
  const patience = { clock, where: target.display, timeout, connectTimeout };
  await preflight(connectTo(target, { ca }), patience, signal);
  const started_at = new Date().toISOString();
  const done = await runRehearsal({
    ...{ plan, operationTimeout, clock, list },
    signal: AbortSignal.any([signal, lost]),
    upstream: { host: target.host, port: target.port },
    contestants: [plainContestant(target, ca), poolContestant(target, { ca, operationTimeout, pool })],
    onFault: (fault, index) => run.onStep(stepOf(fault, index, list.faults.length, plan)),
  });
  if (lost.aborted) throw new TursoPoolError("UNREACHABLE", "the embedded server ended in mid-run");
  if (done.faults.length === 0) throw new TursoPoolError("ABORTED", "no fault was rehearsed");
  return {
    ...({ schema_version: 1, type: "rehearsal", command: "stats", started_at } as const),
    ...done,
    target: loadTarget(target, { embedded: server !== undefined, network }).shown,
  };
}

/** How long a fault takes until its contestants have recovered depends on them; the least is counted with. */
function stepOf(fault: string, index: number, count: number, plan: RehearsalPlan): Step {
  const expectedMs = plan.before + plan.fault;
  return {
    doing: `rehearsing ${fault}`,
    part: `fault ${index + 1} of ${count}`,
    from: index / count,
    to: (index + 1) / count,
    expectedMs,
    leftMs: (count - index) * expectedMs,
  };
}

/** Nothing else can be led through a proxy. */
function notRemote(display: string): TursoPoolError {
  return new TursoPoolError("INVALID_OPTION", `--rehearse: ${display} is not reached over a network`, {
    hint: "Give the --url of a server, or none for an embedded one.",
  });
}

function nothingToRehearse(skipped: readonly SkippedFault[]): TursoPoolError {
  const why = skipped.map(({ fault, reason }) => `${fault}: ${reason}`).join("; ");
  return new TursoPoolError("INVALID_OPTION", `--fault: there is nothing to rehearse (${why})`, {
    hint: "Leave it out for all that can be rehearsed.",
  });
}

/** The server stops in the middle of whatever it does, and goes on later; on every way out, it goes on. */
function frozen(pid: number, onLastAct: RehearsalRun["onLastAct"]): Rehearsed {
  const goOn = (): void => void process.kill(pid, "SIGCONT");
  let withdraw = (): void => undefined;
  return {
    fault: "frozen",
    meaning: "the server stands still, its connections open: SIGSTOP",
    how: {
      kind: "server",
      server: {
        begin: () => {
          withdraw = onLastAct(goOn);
          process.kill(pid, "SIGSTOP");
        },
        end: () => {
          goOn();
          withdraw();
        },
      },
    },
  };
}
