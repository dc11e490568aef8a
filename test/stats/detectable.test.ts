import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/core/random.js";
import { noiseFloor, roundsNeeded, smallestDetectable } from "../../src/stats/detectable.js";
import { studentTQuantile } from "../../src/stats/student-t.js";
import { logNormals, rateOf } from "./simulation.js";

const rounds = fc.integer({ min: 2, max: 1_000 });
const difference = fc.double({ min: 0.001, max: 10, noNaN: true });

describe("the noise floor", () => {
  it("is how far the interval reaches from 1, either way", () => {
    expect(noiseFloor({ low: 0.98, high: 1.05 })).toBeCloseTo(0.05, 12);
    expect(noiseFloor({ low: 0.8, high: 1.05 })).toBeCloseTo(0.25, 12);
    expect(noiseFloor({ low: 1, high: 1 })).toBe(0);
    expect(noiseFloor({ low: 0, high: 2 })).toBe(Infinity);
  });
});

describe("the smallest detectable difference", () => {
  it("is the sample size formula's", () => {
    expect(smallestDetectable(0.02, 10)).toBeCloseTo(Math.exp((2.262157 + 1.833113) * 0.02) - 1, 6);
    expect(smallestDetectable(0, 10)).toBe(0);
  });

  it("grows with the noise and the power, and falls with the rounds and the risk of a false alarm", () => {
    const error = fc.double({ min: 0.001, max: 0.5, noNaN: true });
    fc.assert(
      fc.property(error, rounds, (standardError, n) => {
        const least = smallestDetectable(standardError, n);
        expect(smallestDetectable(standardError * 1.1, n)).toBeGreaterThan(least);
        expect(smallestDetectable(standardError, n, 0.05, 0.99)).toBeGreaterThan(least);
        expect(smallestDetectable(standardError, n + 1)).toBeLessThan(least);
        expect(smallestDetectable(standardError, n, 0.1)).toBeLessThan(least);
      }),
      { numRuns: 30 },
    );
  });

  it("is found by the test in about as many runs as its power says", () => {
    const random = seededRandom(12);
    const [n, deviation] = [10, 0.1];
    const least = smallestDetectable(deviation / Math.sqrt(n), n);
    const found = rateOf(1_000, () => {
      const logs = logNormals(n, deviation, random).map((value) => Math.log(value * (1 + least)));
      const mean = logs.reduce((sum, log) => sum + log, 0) / n;
      const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
      return mean / Math.sqrt(squares / (n - 1) / n) > studentTQuantile(0.975, n - 1);
    });
    expect(found).toBeGreaterThan(0.93);
    expect(found).toBeLessThan(0.98);
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
