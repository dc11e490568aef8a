import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/core/random.js";
import {
  noiseFloor,
  noiseIn,
  roundsNeeded,
  smallestDetectable,
  together,
} from "../../src/stats/detectable.js";
import { logNormals, rateOf } from "./simulation.js";

const rounds = fc.integer({ min: 2, max: 1_000 });
const difference = fc.double({ min: 0.001, max: 10, noNaN: true });

describe("the noise floor", () => {
  const floor = (low: number, high: number) =>
    noiseFloor(noiseIn({ low, high }) ?? { reach: NaN, spread: NaN });

  it("is how far the interval reaches from 1, either way", () => {
    expect(floor(0.98, 1.05)).toBeCloseTo(0.05, 12);
    expect(floor(0.8, 1.05)).toBeCloseTo(0.25, 12);
    expect(floor(1, 1)).toBe(0);
  });

  it("is not known without an interval, or from one that reaches nothing", () => {
    expect(noiseIn(null)).toBeNull();
    expect(noiseIn({ low: 0, high: 2 })).toBeNull();
  });
});

describe("the smallest detectable difference", () => {
  it("is never less than what identical code differed by", () => {
    const positive = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(positive, positive, (one, other) => {
        const noise = noiseIn({ low: Math.min(one, other), high: Math.max(one, other) });
        if (noise === null) throw new Error("both ends are positive");
        expect(smallestDetectable(noise)).toBeGreaterThanOrEqual(noiseFloor(noise));
      }),
    );
  });

  it("is found in about 95 of 100 experiments", () => {
    const random = seededRandom(12);
    const [n, deviation] = [40, 0.1];
    // The interval of a mean of n logarithms around none.
    const half = (1.959964 * deviation) / Math.sqrt(n);
    const least = smallestDetectable({ reach: half, spread: half });
    const found = rateOf(1_000, () => {
      const logs = logNormals(n, deviation, random).map((value) => Math.log(value * (1 + least)));
      return logs.reduce((sum, log) => sum + log, 0) / n > half;
    });
    expect(found).toBeGreaterThan(0.93);
    expect(found).toBeLessThan(0.98);
  });

  it("adds variances of what is divided by each other", () => {
    const noise = { reach: 0.3, spread: 0.1 };
    expect(together([noise, { reach: 0.4, spread: 0.1 }])?.reach).toBeCloseTo(0.5, 12);
    expect(together([noise, noise])?.spread).toBeCloseTo(0.1 * Math.SQRT2, 12);
    expect(together([noise, null])).toBeNull();
  });
});

describe("the rounds needed", () => {
  it("are as many as now for what can be found now, and four times as many for half of it on logs", () => {
    fc.assert(
      fc.property(difference, rounds, (now, n) => {
        expect(roundsNeeded(now, now, n)).toBe(n);
        expect(roundsNeeded(now, Math.expm1(Math.log1p(now) / 2), n)).toBe(4 * n);
      }),
    );
  });

  it("are whole, enough, and never fewer than for a larger difference", () => {
    fc.assert(
      fc.property(difference, difference, rounds, (now, wanted, n) => {
        const needed = roundsNeeded(now, wanted, n);
        expect(Number.isInteger(needed)).toBe(true);
        expect(Math.log1p(now) * Math.sqrt(n / needed)).toBeLessThanOrEqual(Math.log1p(wanted) * (1 + 1e-6));
        expect(roundsNeeded(now, wanted * 1.1, n)).toBeLessThanOrEqual(needed);
      }),
    );
  });

  it("are endless for no difference at all", () => {
    expect(roundsNeeded(0.1, 0, 10)).toBe(Infinity);
    expect(roundsNeeded(0, 0.1, 10)).toBe(1);
  });
});
