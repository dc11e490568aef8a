import type { Random } from "../../src/core/random.js";
import type { Measured } from "../../src/bench/figures.js";
import { alphaAt, roundsAt } from "../../src/bench/gates/looks.js";
import type { BenchPlan } from "../../src/bench/plan.js";
import type { Look } from "../../src/bench/rounds.js";
import type { GateResult } from "../../src/bench/result.js";
import type { Round } from "../../src/bench/round.js";
import { bucketsOf, normal } from "../stats/simulation.js";

/** A plan that a test changes where it matters. */
export const PLAN: BenchPlan = {
  strategies: ["client", "keepalive"],
  queries: [{ sql: "SELECT 1", weight: 1 }],
  allowWrites: false,
  load: { kind: "closed" },
  concurrency: 1,
  length: { kind: "operations", operations: 10 },
  warmupOperations: 0,
  warmupLimit: null,
  rounds: 2,
  seed: 1,
  settle: 0,
  operationTimeout: 1_000,
  connectTimeout: 1_000,
  pool: {},
  calibrate: false,
  against: false,
  maxDuration: null,
  keepRounds: false,
};

/** A round of which the latencies, and perhaps the overheads, are these; `failed` operations have none. */
export function roundFrom(
  latencies: readonly number[],
  { failed = 0, elapsed = 1_000, service = latencies, overhead = [] as readonly number[] } = {},
): Round {
  return {
    operations: latencies.length,
    failed,
    elapsed,
    latency: bucketsOf(latencies),
    service: bucketsOf(service),
    overhead: bucketsOf(overhead),
  };
}

/** How made-up rounds vary. */
export interface Spread {
  /** Standard deviation of the logarithm of what a whole round is slower by. */
  readonly between: number;
  /** The same of a single operation. */
  readonly within: number;
  readonly operations: number;
}

/** Steps of 0.5 %: as many distinct values as an HDR histogram has, more or less, and fast to resample. */
const STEP = 0.005;
const rounded = (value: number): number => Math.exp(Math.round(Math.log(value) / STEP) * STEP);

/** A round of log-normal latencies about `median`, with luck of its own. */
export function luckyRound(median: number, { between, within, operations }: Spread, random: Random): Round {
  const luck = Math.exp(between * normal(random));
  return roundFrom(
    Array.from({ length: operations }, () => rounded(median * luck * Math.exp(within * normal(random)))),
  );
}

/**
 * A run that looks at its gates after the planned rounds and whenever there are twice as many, until they are
 * conclusive or the time is up after `most` rounds: what `Rounds` does, but for the time.
 * @param judge the verdicts on what was measured so far.
 */
export function sequentially(
  planned: number,
  most: number,
  measure: () => readonly Measured[],
  judge: (measured: readonly Measured[], look: Look, alpha: number) => readonly GateResult[],
): { readonly gates: readonly GateResult[]; readonly rounds: number } {
  const measured = new Map<string, Round[]>();
  let done = 0;
  for (let number = 1; ; number++) {
    for (; done < Math.min(most, roundsAt(number, planned)); done++) {
      for (const { name, rounds } of measure()) {
        measured.set(name, [...(measured.get(name) ?? []), ...rounds]);
      }
    }
    const isLast = done >= most;
    const look = { number, isLast, extension: isLast ? 1 : most / done, hostSpeed: 1 };
    const gates = judge(
      [...measured].map(([name, rounds]) => ({ name, rounds })),
      look,
      alphaAt(look),
    );
    const isOpen = gates.some(({ verdict, refused }) => verdict === "inconclusive" && !refused);
    if (isLast || !isOpen) return { gates, rounds: done };
  }
}
