import type { BenchPlan, StrategyName } from "./plan.js";

/** Which of the two databases of a run; a run without a second one is all `head`. */
export type Side = "head" | "base";

/** One of those that take turns in a run. */
export interface ContestantPlan {
  /** The strategy's name; of its twin `…@again`; on the second database `…@base`. */
  readonly name: string;
  readonly strategy: StrategyName;
  readonly side: Side;
}

/** Everybody who takes turns in a run of this plan. */
export function contestantsOf(
  plan: Pick<BenchPlan, "strategies" | "against" | "calibrate">,
): ContestantPlan[] {
  return plan.strategies.flatMap((strategy) => [
    { name: strategy, strategy, side: "head" as const },
    ...(plan.against ? [{ name: `${strategy}@base`, strategy, side: "base" as const }] : []),
    ...(plan.calibrate ? [{ name: `${strategy}@again`, strategy, side: "head" as const }] : []),
  ]);
}
