import { claimsOf, type GatePlan } from "../bench/gates/gate-plan.js";
import { sameHost, sameTarget } from "../bench/fingerprint.js";
import type { BenchPlan } from "../bench/plan.js";
import { planResult } from "../bench/plan-result.js";
import type { BenchResult, TargetResult } from "../bench/result.js";
import { planDifference } from "../bench/same-plan.js";
import { TursoPoolError } from "../core/errors.js";
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
): Promise<PreparedGates> {
  const { baseline: file, against, "max-regression": maxRegression = null } = flags;
  if (maxRegression !== null && file === undefined && against === undefined) {
    throw missing("--max-regression", "there is nothing to compare with", "--against or --baseline");
  }
  if (file !== undefined && maxRegression === null) {
    throw missing("--baseline", "how much slower a run may be is not said", "--max-regression, such as 10%");
  }
  const baseline = file === undefined ? null : await readBaseline(file, "--baseline");
  const remark = baseline === null ? null : strangeness(baseline, plan, head);
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
function strangeness(baseline: BenchResult, plan: BenchPlan, head: TargetResult): string | null {
  const other = planDifference(baseline.plan, planResult(plan));
  if (other !== null) {
    throw new TursoPoolError("INVALID_OPTION", `--baseline: it was measured by another plan: ${other}`, {
      hint: "Use the same flags, or measure the baseline again.",
    });
  }
  const difference =
    sameHost(baseline.host, { ...thisHost(), speed: baseline.host.speed }) ??
    sameTarget(baseline.target, head);
  return difference === null
    ? null
    : `--baseline: only ratios within a run are gated, not milliseconds: ${difference} (--absolute gates them all the same).`;
}

function missing(flag: string, what: string, add: string): TursoPoolError {
  return new TursoPoolError("INVALID_OPTION", `${flag}: ${what}`, { hint: `Add ${add}.` });
}
