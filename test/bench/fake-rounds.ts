import { makeContestant, type Contestant } from "../../src/bench/contestant.js";
import { contestantsOf } from "../../src/bench/contestants.js";
import { Deadline } from "../../src/bench/deadline.js";
import { GcWatch } from "../../src/bench/gc-watch.js";
import type { BenchPlan, Length } from "../../src/bench/plan.js";
import { HostSpeed } from "../../src/bench/host-speed.js";
import { Rounds, type Look, type Position } from "../../src/bench/rounds.js";
import { fakeStrategy } from "./fake-strategy.js";
import { PLAN } from "./synthetic.js";

export interface RunOptions {
  /** What an operation of this contestant does. */
  readonly work?: (name: string, call: number) => Promise<unknown>;
  readonly wantsMore?: (look: Look, contestants: readonly Contestant[]) => boolean;
  readonly stop?: AbortController;
}

export const operations = (count: number): Length => ({ kind: "operations", operations: count });
export const soon = (): Promise<void> => new Promise((resolve) => void setImmediate(() => resolve()));

/** Runs a plan with made-up strategies. */
export async function runRounds(
  given: Partial<BenchPlan>,
  { work = soon, wantsMore, stop }: RunOptions = {},
) {
  const plan: BenchPlan = { ...PLAN, ...given };
  const deadline = new Deadline(plan.operationTimeout, "here");
  const garbage = new GcWatch();
  const order: string[] = [];
  const contestants = contestantsOf(plan).map((one) => {
    const strategy = fakeStrategy((call) => {
      order.push(one.name);
      return work(one.name, call);
    });
    return makeContestant(one, strategy, false, deadline, garbage, plan);
  });
  const blocks: string[] = [];
  const positions: Position[] = [];
  const looks: (Look & { rounds: number })[] = [];
  const rounds = new Rounds(plan, contestants, {
    speed: new HostSpeed(),
    signal: (stop ?? new AbortController()).signal,
    onBlock: (one, at) => {
      blocks.push(one.name);
      positions.push(at);
    },
    wantsMore: (look, all) => {
      looks.push({ ...look, rounds: all[0]?.measured.rounds.length ?? 0 });
      return wantsMore?.(look, all) ?? false;
    },
  });
  const startedAt = performance.now();
  await rounds.run().finally(() => {
    deadline.close();
    garbage.close();
  });
  return {
    contestants,
    order,
    blocks,
    positions,
    looks,
    look: rounds.look,
    took: performance.now() - startedAt,
    counts: contestants.map(({ measured }) => measured.rounds.map((round) => round.operations)),
  };
}
