import { binomialUpper } from "../../stats/binomial.js";
import type { Interval } from "../../stats/bootstrap.js";
import { leastForInterval, type FigureBook } from "../figures.js";
import { parseMetric } from "../metrics.js";
import type { GateResult, Verdict } from "../result.js";
import { leastCount, PERCENTILES } from "../../stats/summary.js";
import type { Claim, Estimate } from "./claim.js";
import { leastRounds } from "./looks.js";
import { decide } from "./decide.js";

/** What is known of the contestants beside their figures. */
export interface Circumstances {
  /** Why the load process was the limit for a contestant; nothing when it was not. */
  readonly limits: (contestant: string) => readonly string[];
  /** Why what depends on the host cannot be compared with a contestant's, if so. */
  readonly incomparable: (contestant: string, verdict: Verdict) => string | null;
  /** Whether the run was ended before its time. */
  readonly interrupted: boolean;
}

/**
 * Failures have no latency: with more of them than this the rest says nothing of how it would have been. Of what lies
 * beyond a percentile they may be a tenth.
 */
const TOLERATED_FAILURES = 0.01;
const TOLERATED_BEYOND = 0.1;

/**
 * The verdict on one claim, from the interval of confidence 1 - `alpha`: pass or fail when the whole interval is on
 * one side of the limit, else inconclusive. What the instrument limited, or too many failures spoiled, never passes.
 */
export function evaluate(
  claim: Claim,
  book: FigureBook,
  circumstances: Circumstances,
  alpha: number,
): GateResult {
  const estimate = claim.estimate(book, alpha);
  const interval = intervalOf(claim, estimate, book, alpha);
  const found = interval === null ? "inconclusive" : decide(interval, claim.operator, claim.limit);
  const incomparable = claim.isHostBound
    ? firstOf(claim, (name) => circumstances.incomparable(name, found))
    : null;
  const verdict = incomparable === null ? found : "inconclusive";
  const doubt = doubtAbout(claim, book, circumstances);
  return {
    threshold: claim.text,
    source: claim.source,
    value: estimate.value,
    unit: claim.unit,
    interval,
    confidence_percent: (1 - alpha) * 100,
    operator: claim.operator,
    limit: claim.limit,
    verdict: verdict === "pass" && doubt !== null ? "inconclusive" : verdict,
    refused: false,
    reason: reasonFor(claim, estimate, interval, book, alpha) ?? incomparable ?? doubt ?? untold(verdict),
  };
}

/** Fail when one failed, else inconclusive when one is; `null` without gates. */
export function overall(gates: readonly GateResult[]): Verdict | null {
  if (gates.length === 0) return null;
  if (gates.some(({ verdict }) => verdict === "fail")) return "fail";
  return gates.every(({ verdict }) => verdict === "pass") ? "pass" : "inconclusive";
}

function intervalOf(claim: Claim, { interval }: Estimate, book: FigureBook, alpha: number): Interval | null {
  if (interval === null || claim.metric !== "error_rate" || claim.source === "regression") return interval;
  // Of few failures resampling knows too little, and of none nothing.
  const [name = ""] = claim.contestants;
  const failed = book.failed(name);
  const most = binomialUpper(failed, failed + book.operations(name), alpha / 2) * 100;
  return { low: interval.low, high: Math.max(interval.high, most) };
}

/** Why a figure or its interval is not there. */
function reasonFor(
  claim: Claim,
  { value, rounds }: Estimate,
  interval: Interval | null,
  book: FigureBook,
  alpha: number,
): string | null {
  if (interval !== null) return null;
  const { statistic } = parseMetric(claim.metric);
  const fewest = Math.min(...claim.contestants.map((name) => book.operations(name)));
  if (fewest === 0) return "no operation succeeded";
  if (statistic !== null && statistic !== "mean") {
    // A rank test of rounds needs a figure in each, and no more of them.
    const needed = claim.source === "regression" ? leastCount(statistic) : leastForInterval(statistic);
    if (fewest < needed) return `an interval of it takes ${needed} operations, there were ${fewest}`;
  }
  const least = leastRounds(alpha);
  if (rounds < least) return `an interval takes ${least} rounds, there were ${rounds}`;
  return value === null ? "it is not measured here" : "a round has no figure to compare";
}

function doubtAbout(claim: Claim, book: FigureBook, { limits, interrupted }: Circumstances): string | null {
  if (interrupted) return "the run was interrupted";
  const tolerated = toleratedFailures(claim);
  return firstOf(claim, (name) => {
    const [why] = limits(name);
    if (why !== undefined) return `the load process was the limit for ${name}: ${why}`;
    const failed = book.failed(name);
    const all = failed + book.operations(name);
    return claim.metric !== "error_rate" && failed > all * tolerated
      ? `${failed} of ${all} operations of ${name} failed, and a failure has no latency`
      : null;
  });
}

function toleratedFailures({ metric }: Claim): number {
  const { statistic } = parseMetric(metric);
  if (statistic === null || statistic === "mean") return TOLERATED_FAILURES;
  return Math.min(TOLERATED_FAILURES, (1 - PERCENTILES[statistic] / 100) * TOLERATED_BEYOND);
}

function firstOf(claim: Claim, ask: (name: string) => string | null): string | null {
  for (const name of claim.contestants) {
    const answer = ask(name);
    if (answer !== null) return answer;
  }
  return null;
}

function untold(verdict: Verdict): string | null {
  return verdict === "inconclusive" ? "the limit lies within the interval" : null;
}
