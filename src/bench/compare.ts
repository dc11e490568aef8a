import type { Random } from "../core/random.js";
import { drawResamples, ratioInterval, type Interval, type Resamples } from "../stats/bootstrap.js";
import { percentileOf } from "../stats/buckets.js";
import { STRATEGY_NAMES } from "./plan.js";
import type { Round } from "./recorder.js";
import type { ComparedMetric, Comparison, StrategyResult } from "./result.js";

/** A figure that strategies are compared in. */
interface Metric {
  readonly name: ComparedMetric;
  readonly moreIsBetter: boolean;
  readonly value: (result: StrategyResult) => number | null;
  /** The same figure from any choice of rounds. */
  readonly over: (rounds: readonly Round[]) => (indices: Iterable<number>) => number | null;
}

const METRICS: readonly Metric[] = [
  {
    name: "connection_overhead_ms.p50",
    moreIsBetter: false,
    value: (result) => result.connection_overhead_ms.p50,
    over: (rounds) =>
      percentileOf(
        rounds.map((round) => round.overhead),
        50,
      ),
  },
  {
    name: "latency_ms.p50",
    moreIsBetter: false,
    value: (result) => result.latency_ms.p50,
    over: (rounds) =>
      percentileOf(
        rounds.map((round) => round.latency),
        50,
      ),
  },
  {
    name: "latency_ms.p95",
    moreIsBetter: false,
    value: (result) => result.latency_ms.p95,
    over: (rounds) =>
      percentileOf(
        rounds.map((round) => round.latency),
        95,
      ),
  },
  {
    name: "throughput_per_second",
    moreIsBetter: true,
    value: (result) => result.throughput_per_second,
    over: throughputOf,
  },
];

/** A strategy's figures, and the rounds that they come from. */
export interface Measured {
  readonly result: StrategyResult;
  readonly rounds: readonly Round[];
}

/** Compares every two strategies, the one that does less to keep connections being the baseline. */
export function compareAll(measured: readonly Measured[], random: Random): Comparison[] {
  const inOrder = STRATEGY_NAMES.flatMap((name) => measured.filter(({ result }) => result.name === name));
  // The last round of an interrupted run has not every strategy in it, and cannot be paired.
  const rounds = Math.min(...inOrder.map((one) => one.rounds.length));
  const resamples = drawResamples(rounds, random);
  const contestants = inOrder.map((one) => ({
    result: one.result,
    figures: resample(one.rounds, resamples),
  }));
  return contestants.flatMap((baseline, at) =>
    contestants
      .slice(at + 1)
      .flatMap((contender) => METRICS.map((metric) => compare(metric, baseline, contender, rounds))),
  );
}

/** A strategy's value of each metric in each resample. */
type Figures = ReadonlyMap<ComparedMetric, readonly (number | null)[]>;

interface Contestant {
  readonly result: StrategyResult;
  readonly figures: Figures;
}

function resample(rounds: readonly Round[], resamples: Resamples): Figures {
  return new Map(
    METRICS.map((metric) => {
      const figure = metric.over(rounds);
      return [metric.name, resamples.map((indices) => figure(indices))];
    }),
  );
}

function compare(metric: Metric, baseline: Contestant, contender: Contestant, rounds: number): Comparison {
  const { name, value, moreIsBetter } = metric;
  const before = value(baseline.result);
  const after = value(contender.result);
  const known = before !== null && after !== null;
  // For what is better when there is less of it, "times better" is the baseline over the contender.
  const [above, below] = moreIsBetter ? [contender, baseline] : [baseline, contender];
  const numerator = value(above.result);
  const denominator = value(below.result);
  const ratio =
    numerator !== null && denominator !== null && denominator > 0 ? numerator / denominator : null;
  const interval =
    ratio === null
      ? null
      : ratioInterval(above.figures.get(name) ?? [], below.figures.get(name) ?? [], rounds);
  return {
    baseline: baseline.result.name,
    contender: contender.result.name,
    metric: name,
    baseline_value: before,
    contender_value: after,
    ratio,
    ratio_interval_95: interval,
    verdict: interval === null ? "unclear" : verdictOf(interval),
    reduction_percent: known && before > 0 ? (1 - after / before) * 100 : null,
  };
}

function verdictOf({ low, high }: Interval): Comparison["verdict"] {
  if (low > 1) return "better";
  return high < 1 ? "worse" : "unclear";
}

function throughputOf(rounds: readonly Round[]): (indices: Iterable<number>) => number | null {
  return (indices) => {
    let operations = 0;
    let elapsed = 0;
    for (const index of indices) {
      operations += rounds[index]?.operations ?? 0;
      elapsed += rounds[index]?.elapsed ?? 0;
    }
    return elapsed > 0 ? operations / (elapsed / 1_000) : null;
  };
}
