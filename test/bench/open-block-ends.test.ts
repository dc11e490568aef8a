import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { fakeStrategy } from "./fake-strategy.js";
import { duration, operations, runOpen, turn } from "./open-block.js";

describe("an open loop", () => {
  it.each([
    ["while it waits for an arrival", 0.1],
    ["while it polls for one", 900],
  ])("ends at once when its signal aborts %s, and leaves no timer", async (_, perSecond) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    const strategy = fakeStrategy(turn);
    const { took, schedule } = await runOpen(strategy, {
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
    expect(process.getActiveResourcesInfo()).not.toContain("Immediate");
  });

  it("awaits what is under way when its signal aborts, and starts nothing more", async () => {
    const stop = new AbortController();
    const strategy = fakeStrategy(async (call) => {
      if (call === 3) stop.abort();
      await sleep(20);
    });
    const { recorder } = await runOpen(strategy, {
      perSecond: 10_000,
      length: operations(1_000),
      concurrency: 3,
      signal: stop.signal,
    });
    expect([strategy.calls, recorder.latency.count]).toEqual([3, 3]);
  });

  it("does nothing when its signal has aborted before", async () => {
    const strategy = fakeStrategy(turn);
    const { recorder } = await runOpen(strategy, {
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
    await runOpen(fakeStrategy(turn), { perSecond: 2_000, length: operations(5), signal: counted });
    expect(listeners).toBe(0);
  });

  it("waits for an arrival that is further off than a timer can count", async () => {
    const warned: unknown[] = [];
    const onWarning = (warning: Error): number => warned.push(warning.name);
    process.on("warning", onWarning);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 30);
    await runOpen(fakeStrategy(turn), {
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
