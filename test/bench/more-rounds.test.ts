import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { operations, runRounds as run, soon } from "./fake-rounds.js";

describe("while a gate cannot tell", () => {
  it("there are looks at once, twice and four times the planned rounds", async () => {
    const { looks, look, counts, positions } = await run(
      { length: operations(6), rounds: 3, maxDuration: 60_000 },
      { wantsMore: ({ number }) => number < 3 },
    );
    expect(looks.map(({ number, rounds, isLast }) => [number, rounds, isLast])).toEqual([
      [1, 3, false],
      [2, 6, false],
      [3, 12, false],
    ]);
    // It was told before the time was up: this look spends no more than its share of alpha.
    expect(look).toMatchObject({ number: 3, isLast: false });
    expect(look.extension).toBeGreaterThan(2);
    expect(counts).toEqual([Array(12).fill(2), Array(12).fill(2)]);
    expect(positions.map(({ extended }) => extended)).toEqual([
      ...Array<boolean>(6).fill(false),
      ...Array<boolean>(18).fill(true),
    ]);
  });

  it("more rounds are run until the time is up, and not for longer than one of them takes", async () => {
    const { look, looks, took, counts } = await run(
      { length: operations(2), rounds: 2, maxDuration: 250 },
      { work: () => sleep(10), wantsMore: () => true },
    );
    expect(look).toMatchObject({ isLast: true, extension: 1 });
    expect(look.number).toBe(looks.length + 1);
    expect(counts[0]?.length).toBeGreaterThan(2);
    expect(took).toBeGreaterThan(150);
    expect(took).toBeLessThan(400);
  });

  it("the planned rounds end when the time is up too: a database that hangs is not waited for", async () => {
    const { counts, look, looks } = await run(
      { length: operations(4), rounds: 4, maxDuration: 10 },
      { work: () => sleep(20), wantsMore: () => true },
    );
    expect(counts[0]?.length).toBeLessThan(4);
    expect(look).toMatchObject({ number: 1, isLast: true, extension: 1 });
    expect(looks).toEqual([]);
  });

  it.each([1, 2, 3])("%i planned rounds are extended too", async (rounds) => {
    const { counts } = await run(
      { length: operations(rounds), rounds, maxDuration: 60_000 },
      { wantsMore: ({ number }) => number < 4 },
    );
    expect(counts[0]).toHaveLength(rounds * 8);
  });

  it("an interrupt is the last look", async () => {
    const stop = new AbortController();
    const { look } = await run(
      { length: operations(2), rounds: 2, maxDuration: 60_000 },
      { stop, wantsMore: () => true, work: async (_, call) => (call === 7 ? stop.abort() : soon()) },
    );
    expect(look).toMatchObject({ number: 3, isLast: true, extension: 1 });
  });

  it("rounds of a very long run are joined, and nothing is lost", async () => {
    const { contestants, counts, looks } = await run(
      { length: operations(50), rounds: 50, strategies: ["client"], against: true, maxDuration: 60_000 },
      { wantsMore: ({ number }) => number < 3 },
    );
    expect(Math.max(...counts.map((rounds) => rounds.length))).toBeLessThan(128);
    expect(counts[0]?.length).toBe(counts[1]?.length);
    expect(looks.map(({ number }) => number)).toEqual([1, 2, 3]);
    for (const { measured } of contestants) expect(measured.latency.count).toBe(200);
    // Later rounds are as large as those that were joined.
    expect(new Set(counts[0])).toEqual(new Set([2]));
  });
});
