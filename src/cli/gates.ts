import { claimsOf, type GatePlan } from "../bench/gates/gate-plan.js";
import { sameHost, sameTarget, sameWay } from "../bench/fingerprint.js";
import type { BenchPlan } from "../bench/plan.js";
import { planResult } from "../bench/plan-result.js";
import type { BenchResult, TargetResult } from "../bench/result.js";
import { planDifference } from "../bench/same-plan.js";
import { TursoPoolError } from "../core/errors.js";
import { median } from "../stats/median.js";
import type { BenchFlags } from "./bench-flags.js";
import { thisHost } from "./host.js";
import { readBaseline } from "./read-result.js";

/** Gates, and what has to be said of them beforehand. */
export interface PreparedGates {
  readonly gates: GatePlan;
  /** Why milliseconds of the baseline are not compared, in a line; `null` when they are, or there is none. */
  readonly remark: string | null;
}

/**
 * What a run is to be gated by, checked before any load.
 * @throws {TursoPoolError} `INVALID_OPTION` when a flag lacks another, or the baseline does not fit.
 */
export async function prepareGates(
  flags: BenchFlags,
  plan: BenchPlan,
  head: TargetResult,
  signal: AbortSignal,
): Promise<PreparedGates> {
  const { baseline: file, against, "max-regression": maxRegression = null } = flags;
  if (maxRegression !== null && file === undefined && against === undefined) {
    throw missing("--max-regression", "there is nothing to compare with", "--against or --baseline");
  }
  if (file !== undefined && maxRegression === null) {
    throw missing("--baseline", "how much slower a run may be is not said", "--max-regression, such as 10%");
  }
  const baseline = file === undefined ? null : await readBaseline(file, "--baseline", signal);
  const remark = baseline === null ? null : strangeness(baseline, plan, head, flags.absolute);
  const gates: GatePlan = {
    thresholds: flags.threshold ?? [],
    maxRegression,
    baseline,
    absolute: flags.absolute ? "wanted" : remark === null ? "same host and target" : "no",
  };
  claimsOf(plan, gates);
  return { gates, remark: flags.absolute ? null : remark };
}

/** Why a baseline's milliseconds mean something else here. @throws when it was made by another plan. */
function strangeness(
  baseline: BenchResult,
  plan: BenchPlan,
  head: TargetResult,
  absolute: boolean,
): string | null {
  const other = planDifference(baseline.plan, planResult(plan));
  if (other !== null) {
    throw new TursoPoolError("INVALID_OPTION", `--baseline: it was measured by another plan: ${other}`, {
      hint: "Use the same flags, or measure the baseline again.",
    });
  }
  const way = sameWay(baseline.target, head);
  if (way !== null && !absolute) {
    throw new TursoPoolError("INVALID_OPTION", `--baseline: it was measured another way: ${way}`, {
      hint: "What a connection saves depends on that: measure the baseline again, or add --absolute to compare all the same.",
    });
  }
  if (hasJoinedRounds(baseline)) {
    throw new TursoPoolError("INVALID_OPTION", "--baseline: it sampled so long that its rounds were joined", {
      hint: "Measure it again without a gate, so that its rounds are as long as these.",
    });
  }
  const difference =
    sameHost(baseline.host, { ...thisHost(), speed: baseline.host.speed }) ??
    sameTarget(baseline.target, head);
  return difference === null
    ? null
    : `--baseline: only ratios within a run are gated, not milliseconds: ${difference} (--absolute gates them all the same).`;
}

/** Whether rounds are longer than was planned: longer ones have other percentiles. */
function hasJoinedRounds({ plan, strategies }: BenchResult): boolean {
  return strategies.some(({ rounds }) => {
    const planned = plan.duration_ms ?? plan.operations ?? 0;
    const length = median(
      rounds.map((round) => (plan.duration_ms === null ? round.operations + round.failed : round.elapsed_ms)),
    );
    return length > (JOINED * planned) / plan.rounds;
  });
}

/** A joined round is twice as long; one alone may be a little longer than it was meant to be. */
const JOINED = 1.8;

function missing(flag: string, what: string, add: string): TursoPoolError {
  return new TursoPoolError("INVALID_OPTION", `${flag}: ${what}`, { hint: `Add ${add}.` });
}
