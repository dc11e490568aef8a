import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { percentilesOf } from "../../src/stats/buckets.js";
import { bucketsOf } from "./simulation.js";

describe("the percentiles of several distributions", () => {
  it("are the nearest ranks of all their values, each as often as its distribution is named", () => {
    const distribution = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 });
    const distributions = fc.array(distribution, { minLength: 1, maxLength: 6 });
    const percents = fc.subarray([1, 50, 90, 95, 99, 99.9, 100]);
    fc.assert(
      fc.property(distributions, percents, fc.infiniteStream(fc.nat()), (all, wanted, naturals) => {
        const indices = [...naturals.take(all.length)].map((natural) => natural % all.length);
        const pooled = indices.flatMap((index) => all[index] ?? []).sort((a, b) => a - b);
        const expected = wanted.map(
          (percent) => pooled[Math.max(1, Math.ceil((percent / 100) * pooled.length - 1e-9)) - 1] ?? null,
        );
        expect(percentilesOf(all.map(bucketsOf), wanted)(indices)).toEqual(expected);
      }),
    );
  });

  it("keep nothing from one choice to the next", () => {
    const percentiles = percentilesOf([bucketsOf([1, 1]), bucketsOf([2, 2, 3])], [50, 100]);
    expect(percentiles([1, 1])).toEqual([2, 3]);
    expect(percentiles([0])).toEqual([1, 1]);
    expect(percentiles(Uint16Array.of(0, 1))).toEqual([2, 3]);
  });

  it("are null when nothing was drawn, or nothing of what was drawn has values", () => {
    const percentiles = percentilesOf([bucketsOf([]), bucketsOf([5])], [50, 99]);
    expect(percentiles([])).toEqual([null, null]);
    expect(percentiles([0, 0])).toEqual([null, null]);
    expect(percentiles([7])).toEqual([null, null]);
    expect(percentiles([0, 1])).toEqual([5, 5]);
    expect(percentilesOf([], [50])([0])).toEqual([null]);
  });

  it("stay at a whole rank that arithmetic puts a hair above it", () => {
    const hundred = bucketsOf(Array.from({ length: 100 }, (_, at) => at + 1));
    expect(percentilesOf([hundred], [7, 29, 99.9])([0])).toEqual([7, 29, 100]);
  });
});
