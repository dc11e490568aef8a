import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { Deadline } from "../../src/bench/deadline.js";
import { Recorder } from "../../src/bench/recorder.js";
import { runBlock } from "../../src/bench/run-block.js";
import type { Operation, Strategy } from "../../src/bench/strategies/strategy.js";
import { TursoPoolError } from "../../src/core/errors.js";
import { fakeStrategy as fake } from "./fake-strategy.js";

const succeed = async (): Promise<Operation> => {
  await new Promise(setImmediate);
  return { overhead: 0, doneAt: performance.now() };
};

const deadlines: Deadline[] = [];
afterEach(() => deadlines.splice(0).forEach((deadline) => deadline.close()));

async function run(
  strategy: Strategy,
  operations: number,
  options: { concurrency?: number; timeout?: number; signal?: AbortSignal } = {},
) {
  const recorder = new Recorder();
  const deadline = new Deadline(options.timeout ?? 5_000, "here");
  deadlines.push(deadline);
  await runBlock({
    strategy,
    recorder,
    deadline,
    nextSql: () => "SELECT 1",
    length: { kind: "operations", operations },
    concurrency: options.concurrency ?? 1,
    signal: options.signal ?? new AbortController().signal,
  });
  return recorder;
}

describe("a block", () => {
  it.each([1, 3, 10])("runs exactly its operations, never more than %i at once", async (concurrency) => {
    const strategy = fake(succeed);
    const recorder = await run(strategy, 97, { concurrency });
    expect([strategy.calls, recorder.latency.count, strategy.mostAtOnce]).toEqual([97, 97, concurrency]);
    expect(recorder.elapsed).toBeGreaterThan(0);
  });

  it("counts failures apart, and never as a latency", async () => {
    const recorder = await run(
      fake((call) => (call % 4 === 0 ? Promise.reject(new Error(`no ${call}`)) : succeed())),
      100,
    );
    expect([recorder.latency.count, recorder.errors, recorder.timeouts]).toEqual([75, 25, 0]);
    expect(recorder.firstError?.message).toBe("no 4");
  });

  it("gives up on an operation that misses its deadline, counts it as a timeout, and goes on", async () => {
    const recorder = await run(
      fake((call) => (call === 2 ? new Promise(() => undefined) : succeed())),
      5,
      { timeout: 30 },
    );
    expect([recorder.latency.count, recorder.errors, recorder.timeouts]).toEqual([4, 0, 1]);
    expect(recorder.firstError).toMatchObject({ code: "OPERATION_TIMEOUT" });
  });

  it("does not count what a strategy does after the last row as latency", async () => {
    const recorder = await run(
      fake(async () => {
        const doneAt = performance.now();
        await sleep(20);
        return { overhead: 0, doneAt };
      }),
      3,
    );
    expect(recorder.latency.summary().max).toBeLessThan(15);
    expect(recorder.elapsed).toBeGreaterThan(55);
  });

  it("starts nothing more when its signal aborts, and waits for what is under way", async () => {
    const stop = new AbortController();
    let finished = 0;
    const strategy = fake(async (call) => {
      if (call === 5) stop.abort();
      await sleep(5);
      finished++;
      return { overhead: null, doneAt: performance.now() };
    });
    const recorder = await run(strategy, 1_000, { concurrency: 2, signal: stop.signal });
    expect(strategy.calls).toBeLessThan(10);
    expect(finished).toBe(strategy.calls);
    expect(recorder.latency.count).toBe(strategy.calls);
  });

  it("leaves an overhead that cannot be seen out of the figures", async () => {
    const recorder = await run(
      fake(async () => ({ overhead: null, doneAt: performance.now() })),
      5,
    );
    expect([recorder.latency.count, recorder.overhead.count]).toEqual([5, 0]);
  });

  it("takes any error as a failure of one operation, its own included", async () => {
    const recorder = await run(
      fake(() => Promise.reject(new TursoPoolError("ACQUIRE_TIMEOUT", "none came free"))),
      3,
    );
    expect([recorder.errors, recorder.timeouts]).toEqual([3, 0]);
  });
});
