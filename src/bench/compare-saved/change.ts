import { ratioInterval, resampledRatios, type Interval } from "../../stats/bootstrap.js";
import { rankSumTest } from "../../stats/rank-sum.js";
import { leastCount } from "../../stats/summary.js";
import { intervalOf } from "../compare.js";
import { leastForInterval, type FigureBook } from "../figures.js";
import { METRICS, parseMetric, type MetricName } from "../metrics.js";
import type { Change } from "./result.js";

/** A smaller change is none to speak of, however certain. */
const WORTH_SAYING = 1.01;
const ALPHA = 0.05;

/** A contestant's names in a book of two runs. */
export interface Pair {
  readonly contestant: string;
  readonly base: string;
  readonly head: string;
}

/**
 * How one figure changed from a run to another. Two ways of telling have to agree on a difference: the interval of
 * the ratio is of the figure itself, and the rank test is not misled by one round that was unlike all others.
 */
export function changeOf(book: FigureBook, { contestant, base, head }: Pair, metric: MetricName): Change {
  const [before, after] = [book.figure(base, metric), book.figure(head, metric)];
  const isNothing = before.value === 0 && after.value === 0;
  const ratio = isNothing ? 1 : (resampledRatios([after.value], [before.value])[0] ?? null);
  const rounds = Math.min(before.rounds, after.rounds);
  const interval = ratio === null ? null : ratioInterval(after.resampled, before.resampled, rounds);
  const p = rankTest(book.perRound(base, metric), book.perRound(head, metric));
  return {
    contestant,
    metric,
    base_value: before.value,
    base_interval_95: intervalOf(book, base, metric),
    head_value: after.value,
    head_interval_95: intervalOf(book, head, metric),
    change_percent: ratio === null ? null : inPercent(ratio),
    change_percent_interval_95:
      interval === null ? null : { low: inPercent(interval.low), high: inPercent(interval.high) },
    rank_test_p: p,
    verdict: verdictOf(ratio, interval, p, METRICS[metric].moreIsBetter),
    reason:
      isNothing || (interval !== null && p !== null)
        ? null
        : reasonOf(book, { contestant, base, head }, metric),
  };
}

const inPercent = (ratio: number): number => (ratio - 1) * 100;

/** Rounds of different runs are no pairs. */
function rankTest(before: readonly (number | null)[], after: readonly (number | null)[]): number | null {
  const [base, head] = [before, after].map((figures) => figures.filter((figure) => figure !== null));
  if (base === undefined || head === undefined) return null;
  if (base.length < before.length || head.length < after.length) return null;
  return base.length === 0 || head.length === 0 ? null : rankSumTest(base, head).pValue;
}

function verdictOf(
  ratio: number | null,
  interval: Interval | null,
  p: number | null,
  isMoreBetter: boolean,
): Change["verdict"] {
  if (ratio === null || interval === null || p === null || p >= ALPHA) return "unclear";
  if (Math.max(ratio, 1 / ratio) < WORTH_SAYING) return "unclear";
  if (interval.low > 1) return isMoreBetter ? "better" : "worse";
  if (interval.high < 1) return isMoreBetter ? "worse" : "better";
  return "unclear";
}

/** Why a figure, its interval or its test is not there. */
function reasonOf(book: FigureBook, { base, head }: Pair, metric: MetricName): string {
  const [before, after] = [book.figure(base, metric), book.figure(head, metric)];
  const operations = Math.min(book.operations(base), book.operations(head));
  if (operations === 0) return "no operation succeeded in one of the two";
  const { statistic } = parseMetric(metric);
  if (statistic !== null && statistic !== "mean") {
    const isShort = operations < leastCount(statistic);
    const needed = isShort ? leastCount(statistic) : leastForInterval(statistic);
    const what = isShort ? "it" : "an interval of it";
    if (operations < needed) return `${what} takes ${needed} operations of each, there were ${operations}`;
  }
  if (before.value === null || after.value === null) return "it was not measured in one of the two";
  if (before.value === 0) return "the base's figure is 0";
  const rounds = Math.min(before.rounds, after.rounds);
  if (rounds < LEAST_ROUNDS) return `an interval takes ${LEAST_ROUNDS} rounds of each, there were ${rounds}`;
  return "a round has no such figure";
}

/** With fewer there is nothing to resample. */
const LEAST_ROUNDS = 4;
