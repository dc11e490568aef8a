import type { BenchResult, RoundResult, StrategyResult } from "../bench/result.js";
import { DurationHistogram } from "../stats/histogram.js";
import { factor } from "./format.js";

/** Which contestants' rounds were not alike. */
export function stationarityNotes({ strategies }: BenchResult): string[] {
  return strategies.flatMap((one) => [...firstRound(one), ...drift(one)]);
}

function firstRound({ name, stationarity }: StrategyResult): string[] {
  if (!stationarity?.first_round_differs) return [];
  const { first_round_ratio: ratio } = stationarity;
  const how =
    ratio === null || ratio <= 0
      ? "unlike"
      : ratio >= 1
        ? `${factor(ratio)} slower than`
        : `${factor(1 / ratio)} faster than`;
  return [`${name}: its first block was ${how} the others: raise --warmup.`];
}

function drift({ name, stationarity, rounds }: StrategyResult): string[] {
  if (!stationarity?.drifts) return [];
  const sum = steps(rounds);
  const way = sum > 0 ? "rose" : sum < 0 ? "fell" : "drifted";
  return [
    `${name}: its medians ${way} during the run: it was not steady, and its interval may be too narrow.`,
  ];
}

/** Later medians above earlier ones, less those below: Kendall's S, of which only the sign is of use here. */
function steps(rounds: readonly RoundResult[]): number {
  const medians = rounds.flatMap(
    ({ latency_hdr: latency }) => DurationHistogram.decode(latency).summary().p50 ?? [],
  );
  return medians.reduce(
    (sum, later, at) =>
      medians.slice(0, at).reduce((partial, earlier) => partial + Math.sign(later - earlier), sum),
    0,
  );
}
