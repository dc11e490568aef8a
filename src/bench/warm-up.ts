import { blockOf, type Contestant } from "./contestant.js";
import type { BenchPlan, Length } from "./plan.js";
import { runBlock } from "./run-block.js";

/** Runs the operations beforehand, which are in no figure: one after the other as fast as they go. */
export async function warmUp(
  plan: BenchPlan,
  contestants: readonly Contestant[],
  signal: AbortSignal,
  onBegin: (contestant: Contestant) => void,
): Promise<void> {
  for (const one of contestants) {
    if (signal.aborted) return;
    onBegin(one);
    if (plan.warmupOperations > 0) {
      const length: Length = { kind: "operations", operations: plan.warmupOperations };
      // Not AbortSignal.timeout: nothing holds it in AbortSignal.any, so that it may be collected before its time
      // (https://github.com/nodejs/node/issues/57736).
      const late = new AbortController();
      const timer = plan.warmupLimit === null ? undefined : setTimeout(() => late.abort(), plan.warmupLimit);
      const until = AbortSignal.any([signal, late.signal]);
      await runBlock({ ...blockOf(one, one.warmup, plan, until), length }).finally(() => clearTimeout(timer));
    }
    one.warmupSockets = one.runs.socketsOpened;
    one.warmupConnections = one.runs.connectionsOpened;
  }
}
