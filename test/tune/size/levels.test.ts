import { describe, expect, test } from "vitest";
import {
  blockTime,
  isPastKnee,
  ladder,
  levelsAround,
  peakLevel,
  roundsOf,
  saturation,
} from "../../../src/tune/size/levels.js";
import { isRefusal } from "../../../src/tune/size/refusal.js";
import { plannedSize } from "../../../src/tune/size/planned.js";

const sweep = (...throughputs: readonly number[]) =>
  throughputs.map((throughput, at) => ({ concurrency: 2 ** at, throughput }));

describe("the levels of a sweep", () => {
  test.each([
    [1, [1]],
    [2, [1, 2]],
    [5, [1, 2, 4, 5]],
    [32, [1, 2, 4, 8, 16, 32]],
  ])("up to %i are %j", (ceiling, levels) => {
    expect(ladder(ceiling)).toEqual(levels);
  });

  test.each<[readonly number[], boolean]>([
    [[1], false],
    [[1, 1], false],
    [[1, 1, 1], true],
    [[1, 2, 4, 4], false],
    [[1, 2, 4, 4, 4.3], true],
    [[1, 2, 4, 4, 4.5], false],
    [[1, 2, 1.9, 4], false],
    [[1, 2, 4, 8, 16, 32], false],
  ])("go past the knee where they brought %j: %j", (throughputs, isPast) => {
    expect(isPastKnee(sweep(...throughputs))).toBe(isPast);
  });

  test.each<[readonly number[], number | null]>([
    [[1, 2, 4, 4, 4], 4],
    // Power that is alike goes to fewer connections.
    [[1, 2, 4, 5.8], 4],
    [[1, 1, 1], 1],
    [[0, 0], null],
    [[], null],
  ])("have the most power where they brought %j at %j", (throughputs, level) => {
    expect(peakLevel(sweep(...throughputs))).toBe(level);
  });

  test.each<[readonly number[], number, number]>([
    [[1, 2, 3, 3.1], 2, 4],
    [[1, 1.15, 1], 1, 1],
    [[1, 2, 4, 8], 4, 8],
    // Between two levels, which the knee may lie.
    [[1, 2, 4, 4.5, 4.5], 5, 5],
  ])("where they brought %j, with a knee at %i, have throughput enough at %i", (throughputs, knee, level) => {
    expect(saturation(sweep(...throughputs), knee)).toBe(level);
  });

  test.each([
    [1, 8, []],
    [2, 8, [3]],
    [4, 16, [3, 5, 6]],
    [8, 32, [5, 6, 10, 12]],
    [8, 8, [5, 6]],
  ])("are refined around a knee at %i below %i by %j", (knee, top, levels) => {
    const points = ladder(top).map((concurrency) => ({ concurrency, throughput: 1 }));
    expect(levelsAround(knee, points)).toEqual(levels);
  });

  test.each([
    [0.1, 150],
    [5, 150],
    [50, 250],
    [100, 400],
    [400, 1_000],
  ])("take long enough for operations of %f ms: %f ms", (operation, block) => {
    expect(blockTime(operation)).toBe(block);
  });

  test.each([
    [3, 150, 10],
    [8, 150, 8],
    [9, 400, 6],
  ])("go through rounds, %i of them of %i ms: %i", (levels, block, rounds) => {
    expect(roundsOf(levels, block)).toBe(rounds);
  });

  test("are told beforehand, with the most that they take", () => {
    expect(plannedSize({ maxConnections: 8, budget: 20_000 })).toEqual({
      phase: "size",
      what: "throughput at 1, 2, 4, 8 connections, as far as more bring more, in rounds of short blocks",
      connections: 8,
      duration_ms: 20_000,
      queries: 186_000,
    });
  });
});

describe("a refusal", () => {
  test.each([
    [Object.assign(new Error("no"), { status: 429 }), true],
    [new Error("x", { cause: Object.assign(new Error("HTTP"), { status: 503 }) }), true],
    [Object.assign(new Error("no"), { code: "TOO_MANY_STREAMS" }), true],
    [new Error("Unexpected server response: 429"), true],
    [new Error("Timed out while opening database connection: 4 streams are open"), true],
    [new Error("STREAM_NOT_OPEN: Stream 0 has failed to open"), true],
    [new Error("connect ECONNREFUSED 127.0.0.1:4290"), false],
    [Object.assign(new Error("no"), { status: 500 }), false],
    ["429", false],
  ])("is told from other errors: %s", (error, expected) => {
    expect(isRefusal(error)).toBe(expected);
  });
});
