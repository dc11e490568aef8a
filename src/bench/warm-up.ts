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
      const { warmupLimit: limit } = plan;
      const until = limit === null ? signal : AbortSignal.any([signal, AbortSignal.timeout(limit)]);
      await runBlock({ ...blockOf(one, one.warmup, plan, until), length });
    }
    one.warmupSockets = one.runs.socketsOpened;
    one.warmupConnections = one.runs.connectionsOpened;
  }
}
