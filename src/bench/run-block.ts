import { Bench } from "tinybench";
import type { Milliseconds } from "../core/duration.js";
import { operate, type Block } from "./operate.js";

/**
 * Runs one block of operations in a closed loop: `concurrency` callers, each with one operation at a time,
 * scheduled by tinybench. Latency is measured here and not by tinybench, because a failed operation has none
 * and because what a strategy does after the last row is not part of it.
 */
export async function runBlock(block: Block): Promise<void> {
  const { strategy, recorder, length, signal } = block;
  const bench = new Bench({
    concurrency: "task",
    threshold: block.concurrency,
    iterations: length.kind === "operations" ? length.operations : 0,
    time: length.kind === "duration" ? length.duration : 0,
    warmup: false,
    throws: true,
    // tinybench listens to its signal for good, so each block gets one of its own.
    signal: AbortSignal.any([signal]),
  }).add(strategy.name, () => operate(block, recorder), { async: true });
  const startedAt: Milliseconds = performance.now();
  await bench.run();
  recorder.endRound(performance.now() - startedAt);
}
