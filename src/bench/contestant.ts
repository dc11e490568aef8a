import { seededRandom, type Random } from "../core/random.js";
import type { ContestantPlan } from "./contestants.js";
import type { Deadline } from "./deadline.js";
import type { GcWatch } from "./gc-watch.js";
import type { Watched } from "./instrument-limits.js";
import { InstrumentWatch } from "./instrument.js";
import type { BenchPlan } from "./plan.js";
import { Recorder } from "./recorder.js";
import type { Strategy } from "./strategies/strategy.js";
import { statementSource } from "./workload.js";

/** One strategy on one database under test, with its account. */
export interface Contestant extends ContestantPlan {
  readonly runs: Strategy;
  /** Whether its database runs in this process. */
  readonly isLocal: boolean;
  readonly deadline: Deadline;
  readonly nextSql: () => string;
  /** Draws the seed of each block of an open loop, from which its arrivals are drawn. */
  readonly arrivals: Random;
  readonly warmup: Recorder;
  readonly measured: Recorder;
  /** The load process itself, during this contestant's measured blocks. */
  readonly instrument: InstrumentWatch;
  warmupSockets: number;
  warmupConnections: number | null;
}

/** Everybody is seeded alike, and so runs the same statements at the same times. */
export function makeContestant(
  one: ContestantPlan,
  runs: Strategy,
  isLocal: boolean,
  deadline: Deadline,
  garbage: GcWatch,
  plan: BenchPlan,
): Contestant {
  return {
    ...one,
    runs,
    isLocal,
    deadline,
    nextSql: statementSource(plan.queries, seededRandom(plan.seed)),
    arrivals: seededRandom(plan.seed),
    warmup: new Recorder(),
    measured: new Recorder(plan.load.kind === "open" ? "open" : "closed"),
    instrument: new InstrumentWatch(garbage),
    warmupSockets: 0,
    warmupConnections: null,
  };
}

/** What the load process saw of itself while this contestant ran. */
export function watched({ instrument, measured, isLocal }: Contestant, { concurrency }: BenchPlan): Watched {
  return { reading: instrument.reading(), measured, isLocal, concurrency };
}

/** What a block is made of, but for its length. */
export function blockOf(
  { runs, nextSql, deadline }: Contestant,
  recorder: Recorder,
  plan: BenchPlan,
  signal: AbortSignal,
) {
  return { strategy: runs, nextSql, deadline, recorder, concurrency: plan.concurrency, signal };
}
