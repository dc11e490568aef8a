import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { makeContestant } from "../../src/bench/contestant.js";
import { contestantsOf } from "../../src/bench/contestants.js";
import { Deadline } from "../../src/bench/deadline.js";
import { GcWatch } from "../../src/bench/gc-watch.js";
import type { BenchPlan } from "../../src/bench/plan.js";
import { warmUp } from "../../src/bench/warm-up.js";
import { fakeStrategy } from "./fake-strategy.js";
import { PLAN } from "./synthetic.js";

/** Warms up; how often everybody was called, and how long it took. */
async function warm(
  given: Partial<BenchPlan>,
  work: (call: number) => Promise<unknown>,
  stop = new AbortController(),
) {
  const plan = { ...PLAN, ...given };
  const [deadline, garbage] = [new Deadline(plan.operationTimeout, "here"), new GcWatch()];
  const contestants = contestantsOf(plan).map((one) =>
    makeContestant(one, fakeStrategy(work), false, deadline, garbage, plan),
  );
  const startedAt = performance.now();
  await warmUp(plan, contestants, stop.signal, () => undefined).finally(() => {
    deadline.close();
    garbage.close();
  });
  return {
    calls: contestants.map(({ warmup }) => warmup.latency.count),
    took: performance.now() - startedAt,
  };
}

describe("a warm-up", () => {
  it("has so many operations of everybody", async () => {
    const { calls } = await warm({ warmupOperations: 7 }, () => Promise.resolve());
    expect(calls).toEqual([7, 7]);
  });

  it("may be left out", async () => {
    const { calls } = await warm({ warmupOperations: 0 }, () => Promise.resolve());
    expect(calls).toEqual([0, 0]);
  });

  it("ends when its time is up, even if garbage is collected meanwhile", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const { calls, took } = await warm({ warmupOperations: 500, warmupLimit: 60 }, async (call) => {
      if (call % 3 === 0) collect();
      await sleep(10);
    });
    expect(Math.max(...calls)).toBeLessThan(50);
    expect(took).toBeLessThan(4_000);
  });

  it("ends when the signal aborts", async () => {
    const stop = new AbortController();
    const { calls } = await warm(
      { warmupOperations: 500 },
      async (call) => (call === 3 ? stop.abort() : undefined),
      stop,
    );
    expect(calls).toEqual([3, 0]);
  });
});
