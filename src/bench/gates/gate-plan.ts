import { printable } from "../../core/printable.js";
import { seededRandom } from "../../core/random.js";
import { watched, type Contestant } from "../contestant.js";
import type { Measured } from "../figures.js";
import { leastCount } from "../../stats/summary.js";
import { instrumentLimits } from "../instrument-limits.js";
import { parseMetric } from "../metrics.js";
import type { BenchPlan } from "../plan.js";
import type { BenchResult, GateResult, Verdict } from "../result.js";
import { roundOf } from "../round.js";
import type { Look } from "../rounds.js";
import { claimOf, type Claim } from "./claim.js";
import type { Circumstances } from "./evaluate.js";
import { judge } from "./judge.js";
import { alphaAt } from "./looks.js";
import { regressionClaims, savedName } from "./regression.js";
import type { Threshold } from "./threshold.js";

/** What a run is to be gated by. */
export interface GatePlan {
  readonly thresholds: readonly Threshold[];
  /** In percent; `null` for none. */
  readonly maxRegression: number | null;
  /** A saved result to compare with. */
  readonly baseline: BenchResult | null;
  /** Whether milliseconds of the saved result mean the same here: same host and target, or somebody said so. */
  readonly absolute: "no" | "same host and target" | "wanted";
}

/** Two measurements of a host's speed further apart than this are of two hosts, for our purposes. */
const SAME_SPEED = 1.1;

/** All that a run claims. @throws {TursoPoolError} `INVALID_OPTION` when a claim cannot be made. */
export function claimsOf(plan: Pick<BenchPlan, "strategies" | "load" | "against">, gates: GatePlan): Claim[] {
  const claims = gates.thresholds.map(claimOf);
  if (gates.maxRegression === null) return claims;
  const { maxRegression: percent, baseline, absolute } = gates;
  if (plan.against) claims.push(...regressionClaims(plan, { kind: "against" }, percent));
  if (baseline !== null) {
    claims.push(...regressionClaims(plan, { kind: "saved", absolute: absolute !== "no" }, percent));
  }
  return claims;
}

/** Judges a run by its gates, as often as it is asked. */
export class Gatekeeper {
  readonly #plan: BenchPlan;
  readonly #gates: GatePlan;
  readonly #claims: readonly Claim[];
  readonly #saved: readonly Measured[];

  constructor(plan: BenchPlan, gates: GatePlan) {
    this.#plan = plan;
    this.#gates = gates;
    this.#claims = claimsOf(plan, gates);
    this.#saved = (gates.baseline?.strategies ?? [])
      .filter(({ name, strategy }) => name === strategy)
      .map(({ strategy, rounds }) => ({ name: savedName(strategy), rounds: rounds.map(roundOf) }));
  }

  /** Whether more rounds may tell what these cannot. */
  wantsMore(look: Look, contestants: readonly Contestant[]): boolean {
    // Joined rounds are longer than the baseline's, and so have other percentiles.
    if (this.#saved.length > 0 && contestants.some(({ measured }) => measured.isNearlyFull)) return false;
    return this.judge(look, contestants).some(
      (gate, at) =>
        gate.verdict === "inconclusive" && !gate.refused && !isHopeless(this.#claims[at], gate, contestants),
    );
  }

  judge(look: Look, contestants: readonly Contestant[], interrupted = false): GateResult[] {
    return judge({
      plan: this.#plan,
      claims: this.#claims,
      measured: contestants.map(({ name, measured: { rounds } }) => ({ name, rounds })),
      saved: this.#saved,
      circumstances: { ...this.#circumstances(contestants, look.hostSpeed), interrupted },
      alpha: alphaAt(look),
      extension: look.extension,
      random: seededRandom(this.#plan.seed),
    });
  }

  #circumstances(contestants: readonly Contestant[], speed: number): Omit<Circumstances, "interrupted"> {
    return {
      limits: (name) => {
        const one = contestants.find((contestant) => contestant.name === name);
        if (one === undefined) return this.#savedLimits(name);
        return instrumentLimits(watched(one, this.#plan));
      },
      incomparable: (name, verdict) => (name.endsWith("@baseline") ? this.#otherSpeed(speed, verdict) : null),
    };
  }

  #savedLimits(name: string): readonly string[] {
    const found = this.#gates.baseline?.strategies.find(({ strategy }) => savedName(strategy) === name);
    return (found?.instrument_limits ?? []).map(printable);
  }

  /** A slower host explains a rise and a faster one hides it; a rise in spite of a faster host is one. */
  #otherSpeed(speed: number, verdict: Verdict): string | null {
    const { baseline, absolute } = this.#gates;
    if (baseline === null || absolute === "wanted" || verdict === "inconclusive") return null;
    const ratio = speed / baseline.host.speed;
    if (verdict === "fail" ? ratio > 1 / SAME_SPEED : ratio < SAME_SPEED) return null;
    return `this host runs at ${Math.round(ratio * 100)}% of the speed that it had for the baseline, so milliseconds cannot be compared (--absolute does so all the same)`;
  }
}

/** Whether a claim is about what no round has: everything fails, or nothing of the kind is measured. */
function isHopeless(
  claim: Claim | undefined,
  { value }: GateResult,
  contestants: readonly Contestant[],
): boolean {
  if (claim === undefined) return true;
  const concerned = contestants.filter(({ name }) => claim.contestants.includes(name));
  // A database that has died will not tell more.
  if (concerned.some(({ measured }) => measured.rounds.at(-1)?.operations === 0)) return true;
  const counts = concerned.map(({ measured }) => measured.latency.count);
  if (counts.includes(0)) return true;
  const { statistic } = parseMetric(claim.metric);
  const carries = statistic === null || statistic === "mean" ? 1 : leastCount(statistic);
  return value === null && counts.every((count) => count >= carries);
}
