import { compare } from "../../bench/compare.js";
import { FigureBook } from "../../bench/figures.js";
import type { MetricName } from "../../bench/metrics.js";
import type { Recorder } from "../../bench/recorder.js";
import type { Milliseconds } from "../../core/duration.js";
import { seededRandom } from "../../core/random.js";
import type { Interval } from "../../stats/bootstrap.js";
import { median } from "../../stats/median.js";
import { pairedShift } from "../../stats/shift.js";
import type { Aim, Profile } from "../profile.js";
import type { ProofFigure, ProofMetric } from "./result.js";
import type { GapPair } from "./after-gap.js";
import type { SteadyRecord } from "./steady.js";

/** Nobody changes settings for less: as a share, and for latencies in milliseconds as well. */
const WORTH_IT = 0.05;
const WORTH_IT_MS = 0.1;
/** Within these, two settings did alike. */
const ALIKE = 0.1;
/**
 * An interval from resampling a dozen rounds is too narrow where single rounds are far off, as with P95, so the rounds have
 * to agree as well: by the signed-rank test, which is exact, and stricter than 5 % because several figures count.
 */
const SURE = 0.02;
/** Half a connection, on average. */
const FEWER = 0.5;

/** Current against recommended in everything that was measured; what the profile is judged by says so. */
export function proofFigures(
  profile: Profile,
  records: readonly SteadyRecord[],
  pairs: readonly GapPair[],
  seed: number,
): ProofFigure[] {
  const counts = (aim: Aim): boolean => profile.aims.includes(aim);
  const [current, recommended] = records;
  const figures: ProofFigure[] = [];
  if (current !== undefined && recommended !== undefined) {
    const under = (
      which: "arrivals" | "saturated",
      metric: MetricName & ProofMetric,
      is: boolean,
    ): ProofFigure => inTraffic(current[which], recommended[which], metric, is, seed);
    figures.push(
      under("arrivals", "latency_ms.p50", false),
      under("arrivals", "latency_ms.p95", counts("p95")),
    );
    if (counts("throughput")) figures.push(under("saturated", "throughput_per_second", true));
    figures.push(connectionsHeld(current.held, recommended.held, counts("connections_held")));
  }
  if (pairs.length > 0) figures.push(afterGap(pairs, counts("p95_after_a_gap")));
  return figures;
}

function inTraffic(
  before: Recorder,
  after: Recorder,
  metric: MetricName & ProofMetric,
  counts: boolean,
  seed: number,
): ProofFigure {
  const run = [
    { name: "current", rounds: before.rounds },
    { name: "recommended", rounds: after.rounds },
  ];
  const book = new FigureBook([run], seededRandom(seed));
  const compared = compare(book, "current", "recommended", metric);
  const {
    baseline_value: current,
    contender_value: recommended,
    ratio,
    ratio_interval_95: interval,
  } = compared;
  // A round with too few operations has no P95 of its own; its mean knows of its slowest, too.
  const p = compared.rank_test_p ?? compare(book, "current", "recommended", "latency_ms.mean").rank_test_p;
  const inMs = metric === "throughput_per_second" ? null : recommended;
  return {
    metric,
    counts,
    current,
    recommended,
    ratio,
    ratio_interval_95: interval,
    verdict: verdictOf({ ratio, interval, inMs, isSure: p !== null && p <= SURE }),
  };
}

/** Pairs are compared in logarithms, because waits differ by factors. */
function afterGap(pairs: readonly GapPair[], counts: boolean): ProofFigure {
  const logs = pairs.flatMap(({ current, recommended }) =>
    current === null || recommended === null ? [] : [Math.log(current / recommended)],
  );
  const times = (of: keyof GapPair): number[] => pairs.flatMap((pair) => pair[of] ?? []);
  const middle = (values: readonly number[]): number | null => (values.length === 0 ? null : median(values));
  const shift = pairedShift(logs);
  const interval = shift?.interval ?? null;
  const ratios = interval && { low: Math.exp(interval.low), high: Math.exp(interval.high) };
  const [current, recommended] = [middle(times("current")), middle(times("recommended"))];
  const ratio = shift === null ? null : Math.exp(shift.estimate);
  return {
    metric: "after_a_gap_ms.p50",
    counts,
    current,
    recommended,
    ratio,
    ratio_interval_95: ratios,
    verdict: verdictOf({ ratio, interval: ratios, inMs: recommended, isSure: true }),
  };
}

function connectionsHeld(before: readonly number[], after: readonly number[], counts: boolean): ProofFigure {
  const mean = (values: readonly number[]): number | null =>
    values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  const [current, recommended] = [mean(before), mean(after)];
  const difference = current === null || recommended === null ? NaN : current - recommended;
  return {
    metric: "connections_held",
    counts,
    current,
    recommended,
    ratio: current !== null && recommended !== null && recommended > 0 ? current / recommended : null,
    ratio_interval_95: null,
    verdict: Number.isNaN(difference)
      ? "unclear"
      : difference >= FEWER
        ? "better"
        : difference <= -FEWER
          ? "worse"
          : "alike",
  };
}

interface Finding {
  /** How many times better the recommended settings did. */
  readonly ratio: number | null;
  readonly interval: Interval | null;
  /** What the recommended settings took, where it is a latency; `null` where it is none. */
  readonly inMs: Milliseconds | null;
  /** Whether a difference beyond the interval is no accident. */
  readonly isSure: boolean;
}

function verdictOf({ ratio, interval, inMs, isSure }: Finding): ProofFigure["verdict"] {
  if (interval === null) return "unclear";
  const { low, high } = interval;
  /** Nobody would notice so much. */
  const isSmall = (times: number | null): boolean =>
    times !== null && inMs !== null && Math.abs(times - 1) * inMs < WORTH_IT_MS;
  const isWorthIt = isSure && !isSmall(ratio);
  if (isWorthIt && low > 1 + WORTH_IT) return "better";
  if (isWorthIt && high < 1 / (1 + WORTH_IT)) return "worse";
  // Alike is what the whole interval says: two figures that happen to be close show nothing.
  const isAlike = (low > 1 - ALIKE && high < 1 + ALIKE) || (isSmall(low) && isSmall(high));
  return isAlike ? "alike" : "unclear";
}
