import { mannKendall } from "./mann-kendall.js";
import { median } from "./median.js";

/** With fewer rounds there is no telling what is usual. */
const LEAST_ROUNDS = 5;
/** What does not move a figure by so much is not worth a word, however certain. */
const WORTH_TELLING = 0.1;
/** Modified z-score of an outlier (Iglewicz & Hoaglin 1993). */
const OUTLIER = 3.5;
/** Makes up for a spread known from few rounds only: see {@link isOutlier}. */
const FEW_ROUNDS = 7;
const TREND_ALPHA = 0.01;

/** Whether the rounds of a run were alike. */
export interface Stationarity {
  /** The first round was an outlier, and more than 10 % away from the others' median. */
  readonly firstUnlikeOthers: boolean;
  /** The first round's figure over the others' median; `null` with fewer than 5 rounds, or a median of 0. */
  readonly firstRatio: number | null;
  /** Of the Mann-Kendall test for a trend; `null` with fewer than 5 rounds. */
  readonly trendPValue: number | null;
  /** There is a trend (p < 0.01), and it moved the median by more than 10 % from the first third to the last. */
  readonly drifts: boolean;
}

/**
 * Tells whether a figure stayed the same from round to round: a first round unlike the others means that the
 * warm-up was too short, a trend that the machine or the database changed during the run.
 *
 * False alarms on independent log-normal rounds of 5, 10 and 20 % deviation (simulated, 10,000 series each): of a
 * first round in 0.9, 2.2 and 2.5 % of series of 5 rounds, in 0.5, 0.7 and 1.1 % of 10; of a drift in less than 1 %
 * of any length. A first round twice as slow is found in 99, 76 and 38 % of 5, in 100, 91 and 46 % of 10. Series of
 * 5 rounds are too short for p < 0.01: no drift is ever found in them.
 *
 * @param perRound one positive figure per round, such as its median latency, in the order of time.
 */
export function stationarity(perRound: readonly number[]): Stationarity {
  const [first, ...others] = perRound;
  if (first === undefined || perRound.length < LEAST_ROUNDS) {
    return { firstUnlikeOthers: false, firstRatio: null, trendPValue: null, drifts: false };
  }
  const usual = median(others);
  const third = Math.floor(perRound.length / 3);
  const trendPValue = mannKendall(perRound).pValue;
  return {
    firstUnlikeOthers: differs(first, usual) && isOutlier(first, others),
    firstRatio: usual > 0 ? first / usual : null,
    trendPValue,
    drifts:
      trendPValue < TREND_ALPHA && differs(median(perRound.slice(-third)), median(perRound.slice(0, third))),
  };
}

const differs = (value: number, reference: number): boolean =>
  Math.abs(value - reference) > WORTH_TELLING * reference;

/**
 * By the modified z-score 0.6745 (x - median)/MAD > 3.5, or, where most values are equal and MAD is 0, by the mean
 * absolute deviation: (x - median)/(1.2533 MeanAD) (B. Iglewicz & D. Hoaglin, How to Detect and Handle Outliers,
 * 1993, section 3.3; the factors make both a standard deviation of normal values). They advise 3.5 for one sample
 * that holds the value. Here the MAD is that of the others, and from four of them so uncertain that 12 % of
 * blameless values lie beyond 3.5: hence 3.5 (1 + 7/m) for m others, found by simulation.
 */
function isOutlier(value: number, others: readonly number[]): boolean {
  const usual = median(others);
  const deviations = others.map((other) => Math.abs(other - usual));
  const mad = median(deviations) / 0.6745;
  const meanDeviation = deviations.reduce((sum, one) => sum + one, 0) / deviations.length;
  const spread = mad > 0 ? mad : 1.2533 * meanDeviation;
  return Math.abs(value - usual) > OUTLIER * (1 + FEW_ROUNDS / others.length) * spread;
}
