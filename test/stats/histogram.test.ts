import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DurationHistogram } from "../../src/stats/histogram.js";
import { nullReasons, type SummaryKey } from "../../src/stats/summary.js";

function histogramOf(values: readonly number[]): DurationHistogram {
  const histogram = new DurationHistogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe("a duration histogram", () => {
  it("gives every percentile within 0.1 % of the nearest rank", () => {
    const duration = fc.double({ min: 0.001, max: 60_000, noNaN: true });
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1_000, maxLength: 1_200 }), (values) => {
        const sorted = [...values].sort((a, b) => a - b);
        const summary = histogramOf(values).summary();
        for (const [key, q] of [
          ["p50", 0.5],
          ["p90", 0.9],
          ["p95", 0.95],
          ["p99", 0.99],
          ["p999", 0.999],
        ] as const) {
          const exact = sorted[Math.ceil(q * sorted.length - 1e-9) - 1] ?? NaN;
          expect(Math.abs((summary[key] ?? NaN) - exact)).toBeLessThanOrEqual(exact * 0.0011 + 1e-6);
        }
        expect(summary.min).toBe(sorted[0]);
        expect(summary.max).toBe(sorted.at(-1));
      }),
      { numRuns: 20 },
    );
  });

  it("tells microseconds and hours apart", () => {
    const summary = histogramOf([0.0012, 3_600_000]).summary();
    expect(summary.min).toBe(0.0012);
    expect(summary.p50).toBeCloseTo(0.0012, 5);
    expect(summary.max).toBe(3_600_000);
  });

  it("says nothing that the sample cannot carry, and why", () => {
    const needs: Partial<Record<SummaryKey, number>> = {
      p50: 2,
      p75: 4,
      p90: 10,
      p95: 20,
      p99: 100,
      p999: 1_000,
    };
    for (const [key, least] of Object.entries(needs) as [SummaryKey, number][]) {
      const enough = histogramOf(Array<number>(least).fill(1)).summary();
      const short = histogramOf(Array<number>(least - 1).fill(1)).summary();
      expect([key, enough[key], short[key]]).toEqual([key, expect.closeTo(1, 2), null]);
      expect(nullReasons(short, least - 1)[key]).toBe(`needs ${least} operations, has ${least - 1}`);
    }
    expect(new Set(Object.values(histogramOf([]).summary()))).toEqual(new Set([null]));
  });
});
