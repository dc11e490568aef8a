import { SocketObserver } from "../libsql/socket-observer.js";
import type { Target } from "../libsql/target.js";
import { makeContestant, type Contestant } from "./contestant.js";
import { contestantsOf, type ContestantPlan, type Side } from "./contestants.js";
import { CountingConnector } from "./counting-connector.js";
import { Deadline } from "./deadline.js";
import { GcWatch } from "./gc-watch.js";
import { HostSpeed, type Echo } from "./host-speed.js";
import { watchLoopDelay, type LoopDelay } from "./instrument.js";
import type { BenchPlan } from "./plan.js";
import { preflight } from "./preflight.js";
import type { Progress } from "./progress.js";
import { ProgressTeller } from "./progress-teller.js";
import { Rounds, type Look } from "./rounds.js";
import { makeStrategy } from "./strategies/make-strategy.js";
import { PlainClients } from "./strategies/plain-clients.js";
import type { Strategy, StrategyContext } from "./strategies/strategy.js";
import { warmUp } from "./warm-up.js";

/** The databases of a run: `base` when there is a second one. */
export interface Targets {
  readonly head: Target;
  readonly base?: Target | undefined;
}

export interface RunOptions {
  /** Ends the run early; what was measured by then is the result. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Whether a gate cannot tell yet, so that more rounds are to be run; asked while there is time for them. */
  readonly wantsMore?: (look: Look, contestants: readonly Contestant[]) => boolean;
  /** Tells how fast the host is; see {@link HostSpeed}. */
  readonly echo?: Echo;
  /** Makes a contestant's strategy; for trials of the instrument itself, which plant what it has to find. */
  readonly strategyOf?: (one: ContestantPlan, context: StrategyContext) => Strategy;
}

/** What a run leaves to be told. */
export interface Run {
  readonly contestants: readonly Contestant[];
  readonly floor: number;
  readonly preflightSockets: number;
  readonly loopDelay: LoopDelay;
  readonly hostSpeed: number;
  readonly look: Look;
  readonly interrupted: boolean;
}

/**
 * Measures every contestant of the plan: warm-up, then rounds of one block for each in an order drawn from the seed,
 * with a pause before each. Everything that it opened is closed when it resolves.
 * @throws {TursoPoolError} when a target cannot be used at all, or the signal's reason when nothing was measured
 * yet; failures of single operations are counted.
 */
export async function runBench(plan: BenchPlan, targets: Targets, options: RunOptions): Promise<Run> {
  const { signal, onProgress = () => undefined, wantsMore = () => false } = options;
  const observer = new SocketObserver();
  const checked = await preflights(plan, targets, observer, signal);
  const garbage = new GcWatch();
  const deadlines = new Map<Side, Deadline>();
  const contestants = gather(plan, targets, observer, garbage, deadlines, options.strategyOf);
  const teller = new ProgressTeller(plan, contestants, onProgress);
  const loop = watchLoopDelay();
  const speed = new HostSpeed(options.echo);
  const rounds = new Rounds(plan, contestants, {
    speed,
    signal,
    wantsMore,
    onBlock: (one, at) => teller.measuring(one, at),
  });
  let loopDelay: LoopDelay;
  try {
    await warmUp(plan, contestants, signal, (one) => teller.warmingUp(one));
    await rounds.run();
    if (contestants.every(({ measured }) => measured.rounds.length === 0)) signal.throwIfAborted();
  } finally {
    loopDelay = loop.read();
    garbage.close();
    for (const deadline of deadlines.values()) deadline.close();
    await Promise.all(contestants.map(({ runs }) => runs.close()));
  }
  return {
    contestants,
    ...checked,
    loopDelay,
    hostSpeed: speed.perMillisecond,
    look: rounds.look,
    interrupted: signal.aborted,
  };
}

async function preflights(
  plan: BenchPlan,
  targets: Targets,
  observer: SocketObserver,
  signal: AbortSignal,
): Promise<Pick<Run, "floor" | "preflightSockets">> {
  const head = new CountingConnector(targets.head, observer);
  const { floor } = await preflight(plan, targets.head, head, signal);
  if (targets.base !== undefined) {
    await preflight(plan, targets.base, new CountingConnector(targets.base, observer), signal);
  }
  return { floor, preflightSockets: head.socketsOpened };
}

function gather(
  plan: BenchPlan,
  targets: Targets,
  observer: SocketObserver,
  garbage: GcWatch,
  deadlines: Map<Side, Deadline>,
  strategyOf: NonNullable<RunOptions["strategyOf"]> = (one, context) => makeStrategy(one.strategy, context),
): Contestant[] {
  const plainClients = new PlainClients(observer);
  return contestantsOf(plan).map((one) => {
    const target = (one.side === "base" ? targets.base : undefined) ?? targets.head;
    const deadline = deadlines.get(one.side) ?? new Deadline(plan.operationTimeout, target.display);
    deadlines.set(one.side, deadline);
    const connector = (): CountingConnector => new CountingConnector(target, observer);
    const runs = strategyOf(one, { target, plan, plainClients, connector });
    return makeContestant(one, runs, target.kind === "local", deadline, garbage, plan);
  });
}
