import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { fakeStrategy } from "./fake-strategy.js";
import { duration, operations, runOpen, turn } from "./open-block.js";

describe("an open loop of so many operations", () => {
  it.each(["constant", "poisson"] as const)("starts all of them, at %s arrivals", async (arrivals) => {
    const strategy = fakeStrategy(turn);
    const { recorder, schedule } = await runOpen(strategy, {
      perSecond: 2_000,
      length: operations(200),
      arrivals,
    });
    expect([strategy.calls, recorder.latency.count, recorder.rounds.length]).toEqual([200, 200, 1]);
    expect(schedule).toMatchObject({ scheduled: 200, neverStarted: 0 });
    expect(schedule.lag.count).toBe(200);
  });

  it("takes as long as its schedule, however fast the answers come", async () => {
    const { recorder, took } = await runOpen(fakeStrategy(turn), { perSecond: 100, length: operations(11) });
    // From the first arrival to the last there are ten gaps.
    expect(took).toBeGreaterThanOrEqual(99);
    expect(recorder.elapsed).toBeGreaterThanOrEqual(99);
  });

  it("starts all of them at a rate that nobody can keep, late, and says that they found no worker", async () => {
    const strategy = fakeStrategy(() => sleep(5));
    const { recorder, schedule } = await runOpen(strategy, {
      perSecond: 10_000,
      length: operations(40),
      concurrency: 2,
    });
    expect([strategy.calls, strategy.mostAtOnce, schedule.neverStarted]).toEqual([40, 2, 0]);
    // The last pair waits for 19 others.
    expect(recorder.latency.summary().max).toBeGreaterThan(85);
    expect(schedule.foundNoWorker).toBeGreaterThanOrEqual(36);
  });
});

describe("a stall with one worker", () => {
  it("is in the latency of every operation that it delayed, and in the service time of one", async () => {
    const strategy = fakeStrategy((call) => (call === 5 ? sleep(300) : turn()));
    const { recorder, schedule } = await runOpen(strategy, {
      perSecond: 100,
      length: operations(50),
      concurrency: 1,
    });
    const [round] = recorder.rounds;
    const above = (ms: number, { values, counts }: { values: Float64Array; counts: Float64Array }): number =>
      values.reduce((sum, value, at) => sum + (value > ms ? (counts[at] ?? 0) : 0), 0);
    // Due 10, 20, … 290 ms after the one that stalls, and started when it is done: 290, 280, … 10 ms late.
    expect(round && above(299, round.latency)).toBeGreaterThanOrEqual(1);
    expect(round && above(245, round.latency)).toBeGreaterThanOrEqual(6);
    expect(round && above(145, round.latency)).toBeGreaterThanOrEqual(16);
    // One, and what else this machine may have stopped for.
    expect(round && above(145, round.service)).toBeLessThanOrEqual(4);
    expect(schedule.foundNoWorker).toBeGreaterThanOrEqual(28);
    expect(schedule.neverStarted).toBe(0);
    // Waiting for a worker is not the load process's lag.
    expect(schedule.lag.summary().max).toBeLessThan(200);
  });

  it("across the end of a block by time is charged to all that came in time", async () => {
    const strategy = fakeStrategy((call) => (call === 15 ? sleep(150) : turn()));
    const { recorder, schedule } = await runOpen(strategy, {
      perSecond: 100,
      length: duration(200),
      concurrency: 1,
      random: () => 0.5,
    });
    // Twenty came in time, the last five during the stall; those that came later are there if they were started.
    expect(recorder.latency.count).toBeGreaterThanOrEqual(20);
    expect(schedule.neverStarted).toBe(0);
    expect(schedule.foundNoWorker).toBeGreaterThanOrEqual(5);
    expect(recorder.rounds[0]?.operations).toBe(recorder.latency.count);
  });

  it.each([1, 3, 10])(
    "just before the end of a block is charged to all whom it delays (%i workers)",
    async (concurrency) => {
      // Due at 195 ms and every 10 ms from then on; the stall ends at 395 ms, for all that have begun.
      let stalledUntil = 0;
      const strategy = fakeStrategy((call) => {
        if (call === 20) stalledUntil = performance.now() + 200;
        return performance.now() < stalledUntil ? sleep(stalledUntil - performance.now()) : turn();
      });
      const { recorder, schedule } = await runOpen(strategy, {
        perSecond: 100,
        length: duration(200),
        concurrency,
        random: () => 0.5,
      });
      expect(schedule.scheduled).toBeGreaterThanOrEqual(39);
      expect(schedule.neverStarted).toBe(0);
      expect(recorder.latency.count).toBe(schedule.scheduled);
      // Twenty of some forty waited, for 100 ms on average: half of the time of a stall is before the median of all.
      expect(recorder.latency.summary().p75).toBeGreaterThan(80);
    },
  );
});

describe("an open loop by time", () => {
  it("starts what arrives in it", async () => {
    const { recorder, schedule } = await runOpen(fakeStrategy(turn), {
      perSecond: 200,
      length: duration(200),
    });
    expect(schedule.scheduled).toBeGreaterThanOrEqual(40);
    expect(schedule.scheduled).toBeLessThanOrEqual(80);
    expect(recorder.latency.count).toBe(schedule.scheduled);
  });

  it("at an impossible rate ends after twice its time, and counts what it never started", async () => {
    const strategy = fakeStrategy(() => sleep(20));
    const { recorder, schedule, took } = await runOpen(strategy, {
      perSecond: 1_000,
      length: duration(200),
      concurrency: 1,
    });
    expect(took).toBeGreaterThan(399);
    // Once more than twice: the operation under way is awaited.
    expect(took).toBeLessThan(600);
    expect(recorder.latency.count).toBe(strategy.calls);
    expect(strategy.calls).toBeLessThanOrEqual(22);
    // Everything due by the end of the block is accounted for, and nothing that came later.
    expect(schedule.scheduled).toBeGreaterThanOrEqual(199);
    expect(schedule.scheduled).toBeLessThanOrEqual(201);
    expect(schedule.neverStarted).toBe(schedule.scheduled - strategy.calls);
  });

  it("without an arrival lasts as long as any other", async () => {
    const strategy = fakeStrategy(turn);
    const { recorder, schedule, took } = await runOpen(strategy, {
      perSecond: 1,
      length: duration(60),
      random: () => 0.9,
    });
    expect([strategy.calls, schedule.scheduled]).toEqual([0, 0]);
    expect(took).toBeGreaterThanOrEqual(59);
    expect(recorder.rounds).toHaveLength(1);
    expect(recorder.rounds[0]?.elapsed).toBeGreaterThanOrEqual(59);
  });

  it("waits for its arrivals by timers, and polls only for the last stretch of each", async () => {
    const { polled, took } = await runOpen(fakeStrategy(turn), { perSecond: 20, length: duration(300) });
    expect(polled).toBeGreaterThan(0);
    expect(polled).toBeLessThan(took / 2);
  });

  it("starts operations when they are due and not later", async () => {
    const { schedule } = await runOpen(fakeStrategy(turn), { perSecond: 100, length: duration(400) });
    expect(schedule.lag.summary().min).toBeLessThan(1);
  });
});

describe("an open loop", () => {
  it("counts failures and never as a latency", async () => {
    const strategy = fakeStrategy((call) =>
      call % 4 === 0 ? Promise.reject(new Error(`no ${call}`)) : turn(),
    );
    const { recorder, schedule } = await runOpen(strategy, { perSecond: 2_000, length: operations(40) });
    expect([recorder.latency.count, recorder.service?.count, recorder.errors]).toEqual([30, 30, 10]);
    expect(schedule.scheduled).toBe(40);
    expect(recorder.rounds[0]).toMatchObject({ operations: 30, failed: 10 });
  });

  it("goes on when all of them fail", async () => {
    const strategy = fakeStrategy(() => Promise.reject(new Error("no")));
    const { recorder } = await runOpen(strategy, { perSecond: 1_000, length: duration(50), concurrency: 1 });
    expect(recorder.latency.count).toBe(0);
    expect(recorder.errors).toBe(strategy.calls);
  });

  it("frees the worker of an operation that misses its deadline", async () => {
    const strategy = fakeStrategy((call) => (call === 1 ? new Promise<void>(() => undefined) : turn()));
    const { recorder } = await runOpen(strategy, {
      perSecond: 1_000,
      length: operations(10),
      concurrency: 1,
      timeout: 40,
    });
    expect([recorder.timeouts, recorder.latency.count]).toEqual([1, 9]);
    expect(recorder.latency.summary().max).toBeGreaterThan(20);
  });
});
