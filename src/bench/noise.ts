import { ratioInterval, resampledRatios, standardErrorOfLog } from "../stats/bootstrap.js";
import { noiseFloor, roundsNeeded, smallestDetectable } from "../stats/detectable.js";
import type { FigureBook } from "./figures.js";
import type { Claim } from "./gates/claim.js";
import type { MetricName } from "./metrics.js";
import type { StrategyName } from "./plan.js";
import type { GateResult, NoiseResult } from "./result.js";

/** What the noise is told of. */
const METRICS: readonly MetricName[] = [
  "latency_ms.p50",
  "latency_ms.p95",
  "latency_ms.p99",
  "throughput_per_second",
];

/** What strategies differ by from their twins, which run the same code: all of it is noise. */
export function noiseOf(
  strategies: readonly StrategyName[],
  book: FigureBook,
  isPaced: boolean,
): NoiseResult[] {
  const metrics = METRICS.filter((metric) => !isPaced || metric !== "throughput_per_second");
  return strategies.flatMap((strategy) => metrics.map((metric) => noise(strategy, metric, book)));
}

function noise(strategy: StrategyName, metric: MetricName, book: FigureBook): NoiseResult {
  const own = book.figure(strategy, metric);
  const twin = book.figure(`${strategy}@again`, metric);
  const interval = ratioInterval(twin.resampled, own.resampled, own.rounds);
  const error = standardErrorOfLog(resampledRatios(twin.resampled, own.resampled), own.rounds);
  const percent = (share: number): number => share * 100;
  return {
    strategy,
    metric,
    ratio: resampledRatios([twin.value], [own.value])[0] ?? null,
    ratio_interval_95: interval,
    noise_floor_percent: interval === null ? null : percent(noiseFloor(interval)),
    smallest_detectable_percent:
      error === null || interval === null ? null : percent(smallestDetectable(error, own.rounds)),
  };
}

/**
 * Refuses a gate on a difference that this plan cannot tell from none, with what it would take.
 * @param extension how many times as many rounds as there were the run may still come to.
 */
export function refuseTooTight(
  gate: GateResult,
  claim: Claim,
  noise: readonly NoiseResult[],
  book: FigureBook,
  extension: number,
): GateResult {
  if (claim.margin === null) return gate;
  const concerned = noise.filter(
    ({ strategy, metric }) =>
      metric === claim.metric && claim.contestants.some((name) => name.split("@")[0] === strategy),
  );
  const found = concerned.map(({ smallest_detectable_percent: percent }) => percent ?? Infinity);
  // Noise is told of ratios; a ratio of two ratios has twice the variance.
  const detectable = (Math.max(0, ...found) / 100) * Math.sqrt(claim.figures === 4 ? 2 : 1);
  const wanted = claim.margin - 1;
  if (detectable / Math.sqrt(extension) <= wanted) return gate;
  const [name = ""] = claim.contestants;
  const operations = book.operations(name);
  const rounds = book.figure(name, claim.metric).rounds;
  const needed = Number.isFinite(detectable)
    ? Math.ceil(operations * (roundsNeeded(detectable, wanted, rounds) / rounds))
    : null;
  return {
    ...gate,
    verdict: "inconclusive",
    refused: true,
    reason:
      needed === null
        ? `this plan is too short to tell its own noise in ${claim.metric}`
        : `identical code differs by up to ${percentText(detectable)} here, so a difference of ${percentText(wanted)} takes about ${rounded(needed)} operations of each strategy; there were ${operations}`,
  };
}

const percentText = (share: number): string => `${Number((share * 100).toPrecision(2))} %`;

/** Two significant digits: it is an estimate. */
const rounded = (count: number): string => Number(count.toPrecision(2)).toLocaleString("en-US");
