import type { Milliseconds } from "../core/duration.js";
import type { Deadline } from "./deadline.js";
import type { Length } from "./plan.js";
import type { Recorder } from "./recorder.js";
import type { Strategy } from "./strategies/strategy.js";

/** Some operations of one contestant in a row, and what is done with them. */
export interface Block {
  readonly strategy: Pick<Strategy, "name" | "operate">;
  readonly nextSql: () => string;
  readonly length: Length;
  readonly concurrency: number;
  readonly recorder: Recorder;
  readonly deadline: Deadline;
  /** Starts no more operations once it aborts; those under way are awaited. */
  readonly signal: AbortSignal;
}

/** Runs one operation now and records how it went. Never rejects. */
export async function operate(
  { strategy, nextSql, deadline }: Pick<Block, "strategy" | "nextSql" | "deadline">,
  recorder: Recorder,
  due?: Milliseconds,
): Promise<void> {
  const startedAt = performance.now();
  try {
    const done = await deadline.guard(strategy.operate(nextSql(), startedAt), startedAt);
    recorder.succeeded(done, { startedAt, scheduledAt: due ?? startedAt });
  } catch (error) {
    recorder.failed(error);
  }
}
