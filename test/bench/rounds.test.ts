import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { BenchPlan } from "../../src/bench/plan.js";
import { operations, runRounds as run, soon } from "./fake-rounds.js";

describe("rounds", () => {
  it("have one block of each contestant, in an order drawn from the seed", async () => {
    const plan: Partial<BenchPlan> = {
      length: operations(8),
      rounds: 8,
      strategies: ["client", "pool", "keepalive"],
    };
    const { blocks, counts, looks, look } = await run(plan);
    expect(counts).toEqual([Array(8).fill(1), Array(8).fill(1), Array(8).fill(1)]);
    const rounds = Array.from({ length: 8 }, (_, at) => blocks.slice(3 * at, 3 * at + 3));
    for (const round of rounds) expect(round.toSorted()).toEqual(["client", "keepalive", "pool"]);
    expect(new Set(rounds.map((round) => round.join())).size).toBeGreaterThan(2);
    expect((await run(plan)).blocks).toEqual(blocks);
    expect((await run({ ...plan, seed: 2 })).blocks).not.toEqual(blocks);
    // Without a time to fill nobody is asked, and the one look there is has all of alpha.
    expect(looks).toEqual([]);
    expect(look).toMatchObject({ number: 1, isLast: true, extension: 1 });
  });

  it("share the operations out", async () => {
    expect((await run({ length: operations(11), rounds: 3 })).counts).toEqual([
      [4, 4, 3],
      [4, 4, 3],
    ]);
  });

  it("tell where they are", async () => {
    const { positions } = await run({ length: operations(4), rounds: 2 });
    expect(positions.map(({ block, blocks, extended }) => [block, blocks, extended])).toEqual(
      [0, 1, 2, 3].map((block) => [block, 4, false]),
    );
  });

  it("end when the signal aborts, without the blocks that never began", async () => {
    const stop = new AbortController();
    const { counts, look } = await run(
      { length: operations(100), rounds: 10, maxDuration: 60_000 },
      { stop, work: async (_, call) => (call === 25 ? stop.abort() : soon()) },
    );
    expect(look).toMatchObject({ number: 1, isLast: true });
    const [one = [], other = []] = counts;
    expect(Math.max(one.length, other.length)).toBe(3);
    expect(Math.abs(one.length - other.length)).toBeLessThanOrEqual(1);
  });

  it("go on when every operation fails", async () => {
    const { contestants } = await run(
      { length: operations(4), rounds: 2 },
      { work: () => Promise.reject(new Error("no")) },
    );
    expect(contestants.map(({ measured }) => measured.rounds.map(({ failed }) => failed))).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });
});

describe("an open loop", () => {
  const plan: Partial<BenchPlan> = {
    load: { kind: "open", perSecond: 1_000, arrivals: "poisson" },
    concurrency: 5,
    rounds: 3,
  };

  it("has the rounds that were planned", async () => {
    const { counts, contestants } = await run({ ...plan, length: operations(30) });
    expect(counts).toEqual([
      [10, 10, 10],
      [10, 10, 10],
    ]);
    expect(contestants.map(({ measured }) => measured.schedule?.scheduled)).toEqual([30, 30]);
  });

  it("has the same schedule for everybody in a round, whatever became of the rounds before", async () => {
    const draws = new Map<string, number[]>();
    const { contestants } = await run(
      { ...plan, length: { kind: "duration", duration: 120 } },
      // One of them stalls across the end of its first blocks, and so meets more arrivals than the other.
      { work: (name, call) => (name === "client" && call % 20 === 0 ? sleep(25) : soon()) },
    );
    for (const { name, arrivals } of contestants) draws.set(name, [arrivals(), arrivals()]);
    expect(draws.get("client")).toEqual(draws.get("keepalive"));
  });

  it("with a rate so low that rounds stay empty has them all the same", async () => {
    const { counts, contestants } = await run({
      load: { kind: "open", perSecond: 0.1, arrivals: "constant" },
      length: { kind: "duration", duration: 45 },
      rounds: 3,
    });
    expect(counts.map((rounds) => rounds.length)).toEqual([3, 3]);
    for (const { measured } of contestants) expect(measured.elapsed).toBeGreaterThanOrEqual(44);
  });
});

describe("a load of gaps", () => {
  const plan: Partial<BenchPlan> = { load: { kind: "gap", gap: 15 }, rounds: 3, length: operations(3) };

  it("has one operation of everybody after each gap", async () => {
    const { order, counts, took } = await run(plan);
    expect(counts).toEqual([
      [1, 1, 1],
      [1, 1, 1],
    ]);
    for (const at of [0, 2, 4]) expect(order.slice(at, at + 2).toSorted()).toEqual(["client", "keepalive"]);
    // Everybody idles through the same gaps: three of them, and not three for each.
    expect(took).toBeGreaterThanOrEqual(44);
  });

  it("has several gaps in a round when there are more operations than rounds", async () => {
    const { order, counts } = await run({ ...plan, rounds: 2, length: operations(5) });
    expect(counts).toEqual([
      [3, 2],
      [3, 2],
    ]);
    for (let at = 0; at < 10; at += 2) {
      expect(order.slice(at, at + 2).toSorted()).toEqual(["client", "keepalive"]);
    }
  });

  it("is no time in which operations ran", async () => {
    const { contestants } = await run(plan);
    expect(contestants.map(({ measured }) => measured.elapsed)).toEqual([0, 0]);
  });

  it("has measured nothing when it is interrupted in its first gap", async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 10);
    const { order, counts, took } = await run({ ...plan, load: { kind: "gap", gap: 10_000 } }, { stop });
    expect(took).toBeLessThan(5_000);
    expect([order, counts]).toEqual([[], [[], []]]);
  });

  it("keeps what was measured when it is interrupted, and starts nothing more", async () => {
    const stop = new AbortController();
    const { order, contestants } = await run(
      { ...plan, rounds: 5, length: operations(5) },
      {
        stop,
        work: async () => {
          if (order5(stop)) stop.abort();
        },
      },
    );
    expect(order).toHaveLength(5);
    const measured = contestants.map(({ measured: { latency } }) => latency.count);
    expect(measured.toSorted()).toEqual([2, 3]);
    expect(contestants.map(({ measured: { rounds } }) => rounds.length)).toEqual(measured);
  });
});

/** Counts operations for one signal; true at the fifth. */
const seen = new WeakMap<AbortController, number>();
function order5(stop: AbortController): boolean {
  const count = (seen.get(stop) ?? 0) + 1;
  seen.set(stop, count);
  return count === 5;
}
