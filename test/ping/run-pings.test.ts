import { describe, expect, it } from "vitest";
import { ManualClock } from "../../src/core/manual-clock.js";
import type { Ping } from "../../src/ping/probe.js";
import { runPings, type PingPlan } from "../../src/ping/run-pings.js";
import { answered, failed, scripted } from "./fakes.js";

const PLAN: PingPlan = { count: 3, interval: 1_000, endsWithFirstFailure: true };

async function run(plan: Partial<PingPlan>, script: readonly (readonly [number, Ping])[], stopAt?: number) {
  const clock = new ManualClock();
  const stop = new AbortController();
  const probe = scripted(clock, script);
  const seen: string[] = [];
  const running = runPings(
    probe,
    { ...PLAN, ...plan },
    { clock, signal: stop.signal, onPing: ({ outcome }, sequence) => seen.push(`${sequence} ${outcome}`) },
  );
  if (stopAt !== undefined) clock.schedule(stopAt, () => stop.abort());
  await clock.advance(60_000);
  await running;
  expect(clock.pendingTimers).toBe(0);
  return { begunAt: probe.begunAt, seen };
}

describe("pings begin", () => {
  it("one interval after the one before began", async () => {
    expect((await run({}, [[20, answered(20)]])).begunAt).toEqual([0, 1_000, 2_000]);
  });

  it("at once when the one before took longer, and make up for nothing", async () => {
    const script = [
      [2_500, answered(2_500)],
      [20, answered(20)],
    ] as const;
    expect((await run({ count: 4 }, script)).begunAt).toEqual([0, 2_500, 3_500, 4_500]);
  });
});

describe("what else there is to do is done once, in the pause after the first answer;", () => {
  const aside = async (takes: number, interval: number) => {
    const clock = new ManualClock();
    const probe = scripted(clock, [
      [5, failed("UNREACHABLE")],
      [5, answered(5)],
    ]);
    const doneAt: number[] = [];
    const running = runPings(
      probe,
      { count: 4, interval, endsWithFirstFailure: false },
      {
        ...{ clock, signal: new AbortController().signal, onPing: () => undefined },
        inFirstPause: async () => {
          await new Promise<void>((resolve) => clock.schedule(takes, resolve));
          doneAt.push(clock.now());
        },
      },
    );
    await clock.advance(60_000);
    await running;
    return { doneAt, begunAt: probe.begunAt };
  };

  it("it delays nothing that is not due yet", async () => {
    expect(await aside(500, 1_000)).toEqual({ doneAt: [1_505], begunAt: [0, 1_000, 2_000, 3_000] });
  });

  it("what is due waits for it", async () => {
    expect(await aside(500, 100)).toEqual({ doneAt: [605], begunAt: [0, 100, 605, 705] });
  });
});

describe("they end", () => {
  const lost = [5, failed("UNREACHABLE")] as const;
  const fine = [5, answered(5)] as const;

  it("with a first failure, when nobody said how many there are to be", async () => {
    expect((await run({}, [lost])).seen).toEqual(["1 failed"]);
  });

  it("with the plan, when a later one fails, or somebody said how many", async () => {
    expect((await run({}, [fine, lost, fine])).seen).toEqual(["1 answered", "2 failed", "3 answered"]);
    expect((await run({ endsWithFirstFailure: false }, [lost])).seen).toHaveLength(3);
  });

  it("with a token that is refused, whoever said what", async () => {
    const script = [fine, [5, failed("AUTH_REJECTED")]] as const;
    expect((await run({ count: Infinity, endsWithFirstFailure: false }, script)).seen).toHaveLength(2);
  });

  it("at once when they are stopped, in a ping or between two; the unfinished one is none", async () => {
    expect((await run({ count: Infinity }, [fine], 2_003)).seen).toEqual(["1 answered", "2 answered"]);
    expect((await run({ count: Infinity }, [fine], 2_500)).seen).toHaveLength(3);
  });
});
