import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TimeHistogram } from "../../src/pool/time-histogram.js";

/** The first duration that at least this share of all are not longer than. */
const exact = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;

const recorded = (durations: readonly number[]): TimeHistogram => {
  const histogram = new TimeHistogram();
  for (const duration of durations) histogram.record(duration);
  return histogram;
};

/** From a nanosecond to over an hour, bounds among them. */
const durations = fc.oneof(
  fc.double({ min: 0, max: 2 ** 23, noNaN: true }),
  fc.double({ min: 2 ** -10, max: 10, noNaN: true }),
  fc
    .tuple(fc.integer({ min: -12, max: 24 }), fc.nat(15))
    .map(([octave, step]) => 2 ** octave * (1 + step / 16)),
  fc.constant(0),
);
const many = fc.array(durations, { minLength: 1, maxLength: 200 });
const SHORTEST = 2 ** -10;
const LONGEST = 2 ** 21;

describe("a histogram of times", () => {
  it("has percentiles within 6.25 % or a microsecond above the exact ones, and the exact sum, count and maximum", () => {
    const property = fc.property(many, (all) => {
      const sorted = [...all].sort((one, other) => one - other);
      const { count, sumMs, maxMs, p50Ms, p95Ms, p99Ms } = recorded(all).snapshot();
      expect({ count, sumMs, maxMs }).toEqual({
        count: all.length,
        sumMs: all.reduce((sum, one) => sum + one, 0),
        maxMs: Math.max(...all),
      });
      for (const [share, told] of [
        [0.5, p50Ms],
        [0.95, p95Ms],
        [0.99, p99Ms],
      ] as const) {
        const truth = exact(sorted, share);
        expect(told).toBeGreaterThanOrEqual(truth);
        if (truth <= LONGEST) expect(told).toBeLessThanOrEqual(Math.max(truth * 1.0625, truth + SHORTEST));
      }
    });
    fc.assert(property);
  });

  it("counts each duration in the bucket whose bound is the first that is not shorter", () => {
    const property = fc.property(many, (all) => {
      let below = 0;
      for (const { upToMs, count } of recorded(all).snapshot().buckets) {
        below += count;
        expect(below, `up to ${upToMs} ms`).toBe(all.filter((one) => one <= upToMs).length);
      }
      expect(below).toBe(all.length);
    });
    fc.assert(property);
  });

  it("has a bound at every power of two, and the next one a sixteenth or a microsecond later", () => {
    const bounds = Array.from({ length: 32 }, (_, octave) => 2 ** (octave - 10));
    expect(recorded(bounds).snapshot().buckets).toEqual(bounds.map((upToMs) => ({ upToMs, count: 1 })));
    const next = bounds.map((bound) =>
      bound === LONGEST ? Infinity : Math.max(bound * 1.0625, bound + SHORTEST),
    );
    const past = bounds.map((bound) => bound * (1 + Number.EPSILON));
    expect(recorded(past).snapshot().buckets).toEqual(next.map((upToMs) => ({ upToMs, count: 1 })));
  });

  it("is empty at first, with null where there is nothing to tell", () => {
    const nothing = { count: 0, sumMs: 0, maxMs: null, p50Ms: null, p95Ms: null, p99Ms: null, buckets: [] };
    expect(new TimeHistogram().snapshot()).toEqual(nothing);
  });

  it("takes no time at all, and times beyond its last bound", () => {
    const { buckets, p50Ms, maxMs } = recorded([0, 0, 2 ** 40]).snapshot();
    expect(buckets).toEqual([
      { upToMs: SHORTEST, count: 2 },
      { upToMs: Infinity, count: 1 },
    ]);
    expect([p50Ms, maxMs]).toEqual([SHORTEST, 2 ** 40]);
    expect(recorded([0]).snapshot()).toMatchObject({ p50Ms: 0, maxMs: 0, sumMs: 0 });
  });

  it("counts those that took no time without being told of each", () => {
    const told = recorded([0, 0, 0, 5]);
    const partly = recorded([5]);
    expect(partly.snapshot(3)).toEqual(told.snapshot());
    expect(new TimeHistogram().snapshot(2)).toMatchObject({ count: 2, sumMs: 0, maxMs: 0, p99Ms: 0 });
  });

  it("is frozen when it is looked at, and goes on counting", () => {
    const histogram = recorded([1]);
    const before = histogram.snapshot();
    histogram.record(1);
    expect(before).toMatchObject({ count: 1, buckets: [{ upToMs: 1, count: 1 }] });
    expect(histogram.snapshot().count).toBe(2);
    for (const part of [before, before.buckets, before.buckets[0]]) expect(Object.isFrozen(part)).toBe(true);
  });
});
