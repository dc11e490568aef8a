import { seededRandom } from "../core/random.js";
import { compare, COMPARED } from "./compare.js";
import type { Contestant } from "./contestant.js";
import { FigureBook } from "./figures.js";
import { overall } from "./gates/evaluate.js";
import { noiseOf } from "./noise.js";
import type { BenchPlan } from "./plan.js";
import { planResult } from "./plan-result.js";
import {
  SCHEMA_VERSION,
  type BenchResult,
  type Comparison,
  type GateResult,
  type Host,
  type TargetResult,
} from "./result.js";
import type { Run, Targets } from "./run-bench.js";
import { strategyResult } from "./strategy-result.js";

/** What a run does not know of itself. */
export interface About {
  readonly targets: Targets;
  readonly head: TargetResult;
  readonly base: TargetResult | null;
  readonly host: Omit<Host, "speed">;
  readonly startedAt: Date;
  readonly gates: readonly GateResult[];
}

/** Puts what a run measured into the shape that is printed, saved and compared. */
export function makeResult(plan: BenchPlan, run: Run, about: About): BenchResult {
  const { contestants } = run;
  const measured = contestants.map(({ name, measured: { rounds } }) => ({ name, rounds }));
  const book = new FigureBook([measured], seededRandom(plan.seed));
  const strategies = contestants.map((one) => {
    const target = (one.side === "base" ? about.targets.base : undefined) ?? about.targets.head;
    return strategyResult(one, target, book, plan);
  });
  // Sockets are counted at the first database, where an embedded server counts them too.
  const atHead = strategies.filter((_, at) => contestants[at]?.side === "head");
  const sockets = sum(atHead.map((strategy) => strategy.sockets_opened));
  const warmup = sum(atHead.map((strategy) => strategy.warmup.sockets_opened));
  return {
    schema_version: SCHEMA_VERSION,
    command: "bench",
    interrupted: run.interrupted,
    started_at: about.startedAt.toISOString(),
    target: about.head,
    against: about.base,
    plan: planResult(plan),
    host: { ...about.host, speed: run.hostSpeed },
    // Whatever was faster than the preflight is a better bound.
    floor_ms: Math.min(run.floor, ...atHead.map(({ latency_ms: { min } }) => min ?? Infinity)),
    event_loop_delay_ms: run.loopDelay,
    instrument_limited: strategies.some((strategy) => strategy.instrument_limited),
    strategies,
    comparisons: comparisons(plan, contestants, book),
    noise: plan.calibrate ? noiseOf(plan.strategies, book, plan.load.kind !== "closed") : null,
    gates: about.gates,
    verdict: overall(about.gates),
    sockets: {
      measured: sockets,
      warmup,
      preflight: run.preflightSockets,
      total: sockets + warmup + run.preflightSockets,
      accepted_by_server: null,
    },
  };
}

/**
 * Every two strategies on the first database, the one that does less to keep connections being the baseline; and
 * each with its counterpart on the second database, and with its twin.
 */
function comparisons(plan: BenchPlan, contestants: readonly Contestant[], book: FigureBook): Comparison[] {
  const { strategies } = plan;
  const names = new Set(contestants.map(({ name }) => name));
  const pairs = [
    ...strategies.flatMap((one, at) => strategies.slice(at + 1).map((other) => [one, other] as const)),
    ...strategies.map((one) => [`${one}@base`, one] as const),
    ...strategies.map((one) => [one, `${one}@again`] as const),
  ].filter((pair) => pair.every((name) => names.has(name)));
  // How many operations there are in a second is given where they arrive by a schedule.
  const metrics = COMPARED.filter(
    (metric) => plan.load.kind === "closed" || metric !== "throughput_per_second",
  );
  return pairs.flatMap(([one, other]) => metrics.map((metric) => compare(book, one, other, metric)));
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
