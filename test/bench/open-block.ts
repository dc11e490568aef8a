import { Deadline } from "../../src/bench/deadline.js";
import type { Arrivals } from "../../src/bench/load.js";
import type { Length } from "../../src/bench/plan.js";
import { Recorder } from "../../src/bench/recorder.js";
import { runOpenBlock } from "../../src/bench/run-open-block.js";
import { seededRandom, type Random } from "../../src/core/random.js";
import type { Fake } from "./fake-strategy.js";

export interface OpenOptions {
  readonly perSecond: number;
  readonly length: Length;
  readonly arrivals?: Arrivals;
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly random?: Random;
}

export const operations = (count: number): Length => ({ kind: "operations", operations: count });
export const duration = (ms: number): Length => ({ kind: "duration", duration: ms });

/** Runs one block and tells what came of it. */
export async function runOpen(strategy: Fake, options: OpenOptions) {
  const recorder = new Recorder("open");
  const deadline = new Deadline(options.timeout ?? 5_000, "here");
  const startedAt = performance.now();
  const block = {
    strategy,
    recorder,
    deadline,
    nextSql: () => "SELECT 1",
    length: options.length,
    concurrency: options.concurrency ?? 10,
    signal: options.signal ?? new AbortController().signal,
    load: { kind: "open" as const, perSecond: options.perSecond, arrivals: options.arrivals ?? "constant" },
    random: options.random ?? seededRandom(1),
  };
  const { polled } = await runOpenBlock(block).finally(() => deadline.close());
  const took = performance.now() - startedAt;
  if (recorder.schedule === null) throw new Error("an open loop has a schedule");
  return { recorder, schedule: recorder.schedule, polled, took };
}

/** Lets everybody else have a turn. */
export const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(() => resolve()));
