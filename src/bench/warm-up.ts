import { blockOf, type Contestant } from "./contestant.js";
import type { BenchPlan } from "./plan.js";
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
      await runBlock({
        ...blockOf(one, one.warmup, plan, signal),
        length: { kind: "operations", operations: plan.warmupOperations },
      });
    }
    one.warmupSockets = one.runs.socketsOpened;
    one.warmupConnections = one.runs.connectionsOpened;
  }
}
