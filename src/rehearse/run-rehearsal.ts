import { STATEMENT } from "./callers.js";
import { rehearseFault, type RehearsalPlan, type Stage } from "./rehearse-fault.js";
import type { RehearsalList } from "./rehearsed-faults.js";
import type { RehearsalPlanResult, RehearsalResult, RehearsedFault } from "./result.js";

export interface Rehearsal extends Stage {
  readonly plan: RehearsalPlan;
  readonly list: RehearsalList;
  /** The pool's deadline for an operation. */
  readonly operationTimeout: number;
  /** Told before each fault. */
  readonly onFault: (fault: string, index: number) => void;
}

/**
 * Rehearses faults between a database and those who use it, one after the other, each with new contestants.
 *
 * It can harm nothing: callers only read, and proxies never alter what goes to the server.
 */
export async function runRehearsal(
  rehearsal: Rehearsal,
): Promise<Pick<RehearsalResult, "plan" | "faults" | "skipped" | "interrupted" | "duration_ms">> {
  const { clock, signal, list, plan, onFault } = rehearsal;
  const startedAt = clock.now();
  const faults: RehearsedFault[] = [];
  for (const [index, rehearsed] of list.faults.entries()) {
    if (signal.aborted) break;
    onFault(rehearsed.fault, index);
    const done = await rehearseFault(rehearsed, plan, rehearsal);
    if (done) faults.push(done);
  }
  return {
    duration_ms: clock.now() - startedAt,
    interrupted: signal.aborted,
    plan: planResult(rehearsal),
    faults,
    skipped: list.skipped,
  };
}

function planResult({ plan, contestants, operationTimeout }: Rehearsal): RehearsalPlanResult {
  const transport = (name: string): string =>
    contestants.find((contestant) => contestant.name === name)?.transport ?? "";
  return {
    statement: STATEMENT,
    callers: plan.callers,
    rate_per_second: plan.perSecond,
    before_ms: plan.before,
    fault_ms: plan.fault,
    recovery_limit_ms: plan.recoveryLimit,
    operation_timeout_ms: operationTimeout,
    patience_ms: plan.patience,
    plain_transport: transport("plain"),
    pool_transport: transport("pool"),
  };
}
