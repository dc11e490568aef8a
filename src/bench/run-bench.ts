import { setTimeout as sleep } from "node:timers/promises";
import { seededRandom, shuffled, type Random } from "../core/random.js";
import { SocketObserver } from "../libsql/socket-observer.js";
import type { Target } from "../libsql/target.js";
import { CountingConnector } from "./counting-connector.js";
import { Deadline } from "./deadline.js";
import { InstrumentWatch, watchLoopDelay, type LoopDelay } from "./instrument.js";
import { blockLength, type BenchPlan, type Length, type StrategyName } from "./plan.js";
import { preflight } from "./preflight.js";
import { Recorder } from "./recorder.js";
import { runBlock, type Block } from "./run-block.js";
import { makeStrategy } from "./strategies/make-strategy.js";
import type { Strategy } from "./strategies/strategy.js";
import { statementSource } from "./workload.js";

/** How far a run is. */
export interface Progress {
  readonly strategy: StrategyName;
  readonly phase: "warmup" | "measure";
  /** Of the whole run, in [0, 1]. */
  readonly fraction: number;
}

export interface RunOptions {
  /** Ends the run early; what was measured by then is the result. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** One strategy under test, with its account. */
export interface Contestant {
  readonly strategy: Strategy;
  readonly nextSql: () => string;
  readonly warmup: Recorder;
  readonly measured: Recorder;
  /** The load process itself, during this strategy's measured blocks. */
  readonly instrument: InstrumentWatch;
  warmupSockets: number;
  warmupConnections: number | null;
}

/** What a run leaves to be told. */
export interface Run {
  readonly contestants: readonly Contestant[];
  readonly floor: number;
  readonly preflightSockets: number;
  readonly loopDelay: LoopDelay;
  readonly interrupted: boolean;
}

/**
 * Measures every strategy of the plan on the target: warm-up, then rounds of one block for each strategy in an
 * order drawn from the seed, with a pause before each. Everything that it opened is closed when it resolves.
 * @throws {TursoPoolError} when the target cannot be used at all, or the signal's reason when nothing was measured
 * yet; failures of single operations are counted.
 */
export async function runBench(plan: BenchPlan, target: Target, options: RunOptions): Promise<Run> {
  const observer = new SocketObserver();
  const preflightConnector = new CountingConnector(target, observer);
  const { floor } = await preflight(plan, target, preflightConnector, options.signal);
  const deadline = new Deadline(plan.operationTimeout, target.display);
  const context = { target, plan, observer, connector: () => new CountingConnector(target, observer) };
  const contestants = plan.strategies.map((name) => contestant(makeStrategy(name, context), plan));
  const loop = watchLoopDelay();
  let loopDelay: LoopDelay;
  try {
    await warmUp(plan, contestants, deadline, options);
    await measure(plan, contestants, deadline, options);
    if (contestants.every(({ measured }) => measured.rounds.length === 0)) options.signal.throwIfAborted();
  } finally {
    loopDelay = loop.read();
    deadline.close();
    await Promise.all(contestants.map(({ strategy }) => strategy.close()));
  }
  return {
    contestants,
    floor,
    preflightSockets: preflightConnector.socketsOpened,
    loopDelay,
    interrupted: options.signal.aborted,
  };
}

function contestant(strategy: Strategy, plan: BenchPlan): Contestant {
  return {
    strategy,
    // Seeded alike, so that every strategy runs the same statements.
    nextSql: statementSource(plan.queries, seededRandom(plan.seed)),
    warmup: new Recorder(),
    measured: new Recorder(),
    instrument: new InstrumentWatch(),
    warmupSockets: 0,
    warmupConnections: null,
  };
}

function blockOf(
  plan: BenchPlan,
  { strategy, nextSql }: Contestant,
  recorder: Recorder,
  length: Length,
  deadline: Deadline,
  signal: AbortSignal,
): Block {
  return { strategy, nextSql, recorder, length, concurrency: plan.concurrency, deadline, signal };
}

async function warmUp(
  plan: BenchPlan,
  contestants: readonly Contestant[],
  deadline: Deadline,
  { signal, onProgress }: RunOptions,
): Promise<void> {
  for (const one of contestants) {
    if (signal.aborted) return;
    onProgress?.({ strategy: one.strategy.name, phase: "warmup", fraction: 0 });
    const { strategy } = one;
    if (plan.warmupOperations > 0) {
      const length: Length = { kind: "operations", operations: plan.warmupOperations };
      await runBlock(blockOf(plan, one, one.warmup, length, deadline, signal));
    }
    one.warmupSockets = strategy.socketsOpened;
    one.warmupConnections = strategy.connectionsOpened;
  }
}

async function measure(
  plan: BenchPlan,
  contestants: readonly Contestant[],
  deadline: Deadline,
  { signal, onProgress }: RunOptions,
): Promise<void> {
  const random: Random = seededRandom(plan.seed);
  const blocks = plan.rounds * contestants.length;
  let done = 0;
  for (let round = 0; round < plan.rounds; round++) {
    for (const one of shuffled(contestants, random)) {
      if (signal.aborted) return;
      onProgress?.({ strategy: one.strategy.name, phase: "measure", fraction: done / blocks });
      await settle(plan, signal);
      const length = blockLength(plan.length, round, plan.rounds);
      one.instrument.begin();
      await runBlock(blockOf(plan, one, one.measured, length, deadline, signal));
      one.instrument.end();
      done++;
    }
  }
}

/** Lets sockets that are closing close, and collects the garbage of the last block where Node allows it. */
async function settle(plan: BenchPlan, signal: AbortSignal): Promise<void> {
  await sleep(plan.settle, undefined, { signal }).catch(() => undefined);
  globalThis.gc?.();
}
