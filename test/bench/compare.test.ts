import { describe, expect, it } from "vitest";
import { compare, intervalOf } from "../../src/bench/compare.js";
import { FigureBook } from "../../src/bench/figures.js";
import { seededRandom } from "../../src/core/random.js";
import type { Round } from "../../src/bench/round.js";
import { luckyRound, roundFrom } from "./synthetic.js";

const SPREAD = { between: 0.03, within: 0.2, operations: 40 };

function bookOf(contestants: Record<string, Round[]>): FigureBook {
  const run = Object.entries(contestants).map(([name, rounds]) => ({ name, rounds }));
  return new FigureBook([run], seededRandom(1), 400);
}

const rounds = (median: number, seed: number, count = 10): Round[] => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => luckyRound(median, SPREAD, random));
};

describe("two contestants", () => {
  const book = bookOf({ client: rounds(10, 1), pool: rounds(5, 2), twin: rounds(10, 3) });

  it("of which one takes half the time: it is twice as good, and 50 % less", () => {
    const found = compare(book, "client", "pool", "latency_ms.p50");
    expect(found).toMatchObject({ baseline: "client", contender: "pool", verdict: "better" });
    expect(found.ratio).toBeCloseTo(2, 0);
    expect(found.ratio).toBe((found.baseline_value ?? 0) / (found.contender_value ?? 1));
    expect(found.reduction_percent).toBeCloseTo(50, -1);
    expect(found.ratio_interval_95?.low).toBeGreaterThan(1.8);
    expect(found.ratio_interval_95?.high).toBeLessThan(2.2);
    expect(found.rank_test_p).toBeLessThan(0.01);
  });

  it("are worse and better the other way round", () => {
    const found = compare(book, "pool", "client", "latency_ms.p50");
    expect(found.verdict).toBe("worse");
    expect(found.reduction_percent).toBeLessThan(0);
  });

  it("that are alike are not told apart", () => {
    const found = compare(book, "client", "twin", "latency_ms.p50");
    expect(found.verdict).toBe("unclear");
    expect(found.rank_test_p).toBeGreaterThan(0.05);
  });

  it("of which one does twice as many a second: it is twice as good", () => {
    const perSecond = (elapsed: number): Round[] =>
      Array.from({ length: 8 }, (_, at) => roundFrom([1, 2, 3], { elapsed: elapsed + at }));
    const found = compare(
      bookOf({ client: perSecond(1_000), pool: perSecond(500) }),
      "client",
      "pool",
      "throughput_per_second",
    );
    expect(found.ratio).toBeCloseTo(2, 1);
    expect(found.verdict).toBe("better");
  });
});

describe("what cannot be compared is not", () => {
  const nothing = { ratio: null, ratio_interval_95: null, verdict: "unclear" };

  it("when one of them has only failures", () => {
    const failing = Array.from({ length: 8 }, () => roundFrom([], { failed: 5 }));
    const book = bookOf({ client: rounds(10, 1, 8), pool: failing });
    expect(compare(book, "client", "pool", "latency_ms.p50")).toMatchObject({
      ...nothing,
      contender_value: null,
      rank_test_p: null,
      reduction_percent: null,
    });
    expect(compare(book, "pool", "client", "latency_ms.p50")).toMatchObject(nothing);
  });

  it("when a figure is 0", () => {
    const none = Array.from({ length: 8 }, () => roundFrom([1, 2, 3], { overhead: [0, 0, 0] }));
    expect(
      compare(bookOf({ client: none, pool: none }), "client", "pool", "connection_overhead_ms.p50"),
    ).toMatchObject({ ...nothing, baseline_value: 0, reduction_percent: null });
  });

  it("with an interval when there are fewer than 4 rounds", () => {
    const book = bookOf({ client: rounds(10, 1, 3), pool: rounds(5, 2, 3) });
    const found = compare(book, "client", "pool", "latency_ms.p50");
    expect(found).toMatchObject({ ratio_interval_95: null, verdict: "unclear" });
    expect(found.ratio).toBeCloseTo(2, 0);
    expect(intervalOf(book, "client", "latency_ms.p50")).toBeNull();
  });
});

it("the interval of a figure holds it", () => {
  const book = bookOf({ client: rounds(10, 1) });
  const { value } = book.figure("client", "latency_ms.p95");
  const interval = intervalOf(book, "client", "latency_ms.p95");
  expect(interval?.low).toBeLessThanOrEqual(value ?? NaN);
  expect(interval?.high).toBeGreaterThanOrEqual(value ?? NaN);
  expect(intervalOf(book, "client", "latency_ms.p999")).toBeNull();
});
