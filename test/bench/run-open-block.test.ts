import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it } from "vitest";
import { Deadline } from "../../src/bench/deadline.js";
import type { Length } from "../../src/bench/plan.js";
import { Recorder, type Schedule } from "../../src/bench/recorder.js";
import { runOpenBlock } from "../../src/bench/run-open-block.js";
import type { Arrivals } from "../../src/bench/load.js";
import { seededRandom, type Random } from "../../src/core/random.js";
import { fakeStrategy, type Fake } from "./fake-strategy.js";

const deadlines: Deadline[] = [];
afterEach(() => deadlines.splice(0).forEach((deadline) => deadline.close()));

interface Options {
  readonly perSecond: number;
  readonly length: Length;
  readonly arrivals?: Arrivals;
  readonly concurrency?: number;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly random?: Random;
}

const operations = (count: number): Length => ({ kind: "operations", operations: count });
const duration = (ms: number): Length => ({ kind: "duration", duration: ms });

async function run(strategy: Fake, options: Options) {
  const recorder = new Recorder("open");
  const deadline = new Deadline(options.timeout ?? 5_000, "here");
  deadlines.push(deadline);
  const startedAt = performance.now();
  const { polled } = await runOpenBlock({
    strategy,
    recorder,
    deadline,
    nextSql: () => "SELECT 1",
    length: options.length,
    concurrency: options.concurrency ?? 10,
    signal: options.signal ?? new AbortController().signal,
    load: { kind: "open", perSecond: options.perSecond, arrivals: options.arrivals ?? "constant" },
    random: options.random ?? seededRandom(1),
  });
  const took = performance.now() - startedAt;
  return { recorder, schedule: recorder.schedule as Schedule, polled, took };
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(() => resolve()));

describe("an open loop of so many operations", () => {
  it.each(["constant", "poisson"] as const)("starts all of them, at %s arrivals", async (arrivals) => {
    const strategy = fakeStrategy(turn);
    const { recorder, schedule } = await run(strategy, {
      perSecond: 2_000,
      length: operations(200),
      arrivals,
    });
    expect([strategy.calls, recorder.latency.count, recorder.rounds.length]).toEqual([200, 200, 1]);
    expect(schedule).toMatchObject({ scheduled: 200, neverStarted: 0 });
    expect(schedule.lag.count).toBe(200);
  });

  it("takes as long as its schedule, however fast the answers come", async () => {
    const { recorder, took } = await run(fakeStrategy(turn), { perSecond: 100, length: operations(11) });
    // From the first arrival to the last there are ten gaps.
    expect(took).toBeGreaterThanOrEqual(99);
    expect(recorder.elapsed).toBeGreaterThanOrEqual(99);
  });

  it("starts all of them at a rate that nobody can keep, late, and says that they found no worker", async () => {
    const strategy = fakeStrategy(() => sleep(5));
    const { recorder, schedule } = await run(strategy, {
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
    const { recorder, schedule } = await run(strategy, {
      perSecond: 100,
      length: operations(50),
      concurrency: 1,
    });
    const [round] = recorder.rounds;
    const above = (ms: number, { values, counts }: { values: Float64Array; counts: Float64Array }): number =>
      values.reduce((sum, value, at) => sum + (value > ms ? (counts[at] ?? 0) : 0), 0);
    // Due 10, 20, … 290 ms after the one that stalls, and started when it is done: 290, 280, … 10 ms late.
    expect(round && above(299, round.latency)).toBe(1);
    expect(round && above(245, round.latency)).toBeGreaterThanOrEqual(6);
    expect(round && above(145, round.latency)).toBeGreaterThanOrEqual(16);
    expect(round && above(145, round.service)).toBe(1);
    expect(schedule.foundNoWorker).toBeGreaterThanOrEqual(28);
    expect(schedule.neverStarted).toBe(0);
    // Waiting for a worker is not the load process's lag.
    expect(schedule.lag.summary().max).toBeLessThan(200);
  });

  it("across the end of a block by time is charged to all that came in time", async () => {
    const strategy = fakeStrategy((call) => (call === 15 ? sleep(150) : turn()));
    const { recorder, schedule } = await run(strategy, {
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
});

describe("an open loop by time", () => {
  it("starts what arrives in it", async () => {
    const { recorder, schedule } = await run(fakeStrategy(turn), { perSecond: 200, length: duration(200) });
    expect(schedule.scheduled).toBeGreaterThanOrEqual(40);
    expect(schedule.scheduled).toBeLessThanOrEqual(80);
    expect(recorder.latency.count).toBe(schedule.scheduled);
  });

  it("at an impossible rate ends after twice its time, and counts what it never started", async () => {
    const strategy = fakeStrategy(() => sleep(20));
    const { recorder, schedule, took } = await run(strategy, {
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
    const { recorder, schedule, took } = await run(strategy, {
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
    const { polled, took } = await run(fakeStrategy(turn), { perSecond: 20, length: duration(300) });
    expect(polled).toBeGreaterThan(0);
    expect(polled).toBeLessThan(took / 2);
  });

  it("starts operations when they are due and not later", async () => {
    const { schedule } = await run(fakeStrategy(turn), { perSecond: 100, length: duration(400) });
    expect(schedule.lag.summary().min).toBeLessThan(1);
  });
});

describe("an open loop", () => {
  it("counts failures and never as a latency", async () => {
    const strategy = fakeStrategy((call) =>
      call % 4 === 0 ? Promise.reject(new Error(`no ${call}`)) : turn(),
    );
    const { recorder, schedule } = await run(strategy, { perSecond: 2_000, length: operations(40) });
    expect([recorder.latency.count, recorder.service?.count, recorder.errors]).toEqual([30, 30, 10]);
    expect(schedule.scheduled).toBe(40);
    expect(recorder.rounds[0]).toMatchObject({ operations: 30, failed: 10 });
  });

  it("goes on when all of them fail", async () => {
    const strategy = fakeStrategy(() => Promise.reject(new Error("no")));
    const { recorder } = await run(strategy, { perSecond: 1_000, length: duration(50), concurrency: 1 });
    expect(recorder.latency.count).toBe(0);
    expect(recorder.errors).toBe(strategy.calls);
  });

  it("frees the worker of an operation that misses its deadline", async () => {
    const strategy = fakeStrategy((call) => (call === 1 ? new Promise<void>(() => undefined) : turn()));
    const { recorder } = await run(strategy, {
      perSecond: 1_000,
      length: operations(10),
      concurrency: 1,
      timeout: 40,
    });
    expect([recorder.timeouts, recorder.latency.count]).toEqual([1, 9]);
    expect(recorder.latency.summary().max).toBeGreaterThan(20);
  });

  it.each([
    ["while it waits for an arrival", 0.1],
    ["while it polls for one", 900],
  ])("ends at once when its signal aborts %s, and leaves no timer", async (_, perSecond) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const strategy = fakeStrategy(turn);
    const { took, schedule } = await run(strategy, {
      perSecond,
      length: operations(100_000),
      signal: stop.signal,
      random: () => 0.999,
    });
    expect(took).toBeLessThan(1_000);
    // Nobody meant the rest to be started.
    expect(schedule).toMatchObject({ neverStarted: 0, scheduled: strategy.calls });
    const calls = strategy.calls;
    await sleep(20);
    expect(strategy.calls).toBe(calls);
    expect(timeouts()).not.toContain("Immediate");
  });

  it("awaits what is under way when its signal aborts, and starts nothing more", async () => {
    const stop = new AbortController();
    const strategy = fakeStrategy(async (call) => {
      if (call === 3) stop.abort();
      await sleep(20);
    });
    const { recorder } = await run(strategy, {
      perSecond: 10_000,
      length: operations(1_000),
      concurrency: 3,
      signal: stop.signal,
    });
    expect([strategy.calls, recorder.latency.count]).toEqual([3, 3]);
  });

  it("does nothing when its signal has aborted before", async () => {
    const strategy = fakeStrategy(turn);
    const { recorder } = await run(strategy, {
      perSecond: 1_000,
      length: duration(10_000),
      signal: AbortSignal.abort(),
    });
    expect([strategy.calls, recorder.rounds.length]).toEqual([0, 1]);
  });

  it("leaves no listener on a signal that never aborts", async () => {
    const { signal } = new AbortController();
    let listeners = 0;
    const counted = new Proxy(signal, {
      get(target, key) {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== "function") return value;
        return (...given: unknown[]) => {
          if (key === "addEventListener") listeners++;
          if (key === "removeEventListener") listeners--;
          return Reflect.apply(value, target, given) as unknown;
        };
      },
    });
    await run(fakeStrategy(turn), { perSecond: 2_000, length: operations(5), signal: counted });
    expect(listeners).toBe(0);
  });

  it("waits for an arrival that is further off than a timer can count", async () => {
    const warned: unknown[] = [];
    const onWarning = (warning: Error): number => warned.push(warning.name);
    process.on("warning", onWarning);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    await run(fakeStrategy(turn), {
      perSecond: 1e-7,
      length: operations(1),
      signal: stop.signal,
      random: () => 0.9,
    });
    await turn();
    process.off("warning", onWarning);
    expect(warned).toEqual([]);
  });
});

/** What keeps the process alive, timers and immediates among it. */
function timeouts(): string[] {
  return process.getActiveResourcesInfo();
}
