import { Bench } from "tinybench";
import type { Milliseconds } from "../core/duration.js";
import type { Deadline } from "./deadline.js";
import type { Length } from "./plan.js";
import type { Recorder } from "./recorder.js";
import type { Strategy } from "./strategies/strategy.js";

export interface Block {
  readonly strategy: Strategy;
  readonly nextSql: () => string;
  readonly length: Length;
  readonly concurrency: number;
  readonly recorder: Recorder;
  readonly deadline: Deadline;
  /** Starts no more operations once it aborts; those under way are awaited. */
  readonly signal: AbortSignal;
  readonly onOperation?: () => void;
}

/**
 * Runs one block of operations in a closed loop: `concurrency` callers, each with one operation at a time,
 * scheduled by tinybench. Latency is measured here and not by tinybench, because a failed operation has none
 * and because what a strategy does after the last row is not part of it.
 */
export async function runBlock(block: Block): Promise<void> {
  const { strategy, recorder, deadline, length, signal } = block;
  const operation = async (): Promise<void> => {
    const startedAt = performance.now();
    try {
      recorder.succeeded(
        await deadline.guard(strategy.operate(block.nextSql(), startedAt), startedAt),
        startedAt,
      );
    } catch (error) {
      recorder.failed(error);
    }
    block.onOperation?.();
  };
  const bench = new Bench({
    concurrency: "task",
    threshold: block.concurrency,
    iterations: length.kind === "operations" ? length.operations : 0,
    time: length.kind === "duration" ? length.duration : 0,
    warmup: false,
    throws: true,
    // tinybench listens to its signal for good, so each block gets one of its own.
    signal: AbortSignal.any([signal]),
  }).add(strategy.name, operation, { async: true });
  const startedAt: Milliseconds = performance.now();
  await bench.run();
  recorder.endRound(performance.now() - startedAt);
}
