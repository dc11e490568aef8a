import type { Random } from "../../core/random.js";
import { FigureBook, type Measured } from "../figures.js";
import type { BenchPlan } from "../plan.js";
import type { GateResult } from "../result.js";
import type { Claim } from "./claim.js";
import { refuseTooTight } from "./tightness.js";
import { evaluate, type Circumstances } from "./evaluate.js";

/** More than for a plain interval: gates ask for the outer parts of the distribution. */
const RESAMPLES = 4_000;

/** All that gates are judged by. */
export interface Case {
  readonly plan: BenchPlan;
  readonly claims: readonly Claim[];
  readonly measured: readonly Measured[];
  /** Contestants of a saved result, resampled on their own. */
  readonly saved: readonly Measured[];
  readonly circumstances: Circumstances;
  /** See `alphaAt`. */
  readonly alpha: number;
  /** How many times as many rounds the run may still come to. */
  readonly extension: number;
  readonly random: Random;
}

/** The verdicts on all claims, by the figures so far. */
export function judge(one: Case): GateResult[] {
  const { plan, claims, measured, saved, circumstances } = one;
  const runs = saved.length > 0 ? [measured, saved] : [measured];
  const book = new FigureBook(runs, one.random, RESAMPLES);
  return claims.map((claim) => {
    const gate = evaluate(claim, book, circumstances, one.alpha);
    return plan.calibrate ? refuseTooTight(gate, claim, book, one.extension) : gate;
  });
}
