import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom, type Random } from "../../src/core/random.js";
import {
  drawResamples,
  figureInterval,
  ratioInterval,
  resampledRatios,
  type Interval,
} from "../../src/stats/bootstrap.js";
import { percentilesOf, type Buckets } from "../../src/stats/buckets.js";
import { expandedTail } from "../../src/stats/expanded-tail.js";
import { bucketsOf, logNormals, normal, rateOf } from "./simulation.js";

/** Two strategies in the same rounds, each round with luck of its own; the second `factor` times slower. */
function experiment(random: Random, rounds: number, factor: number): Interval | null {
  const round = (scale: number): Buckets => {
    const luck = Math.exp(0.1 * normal(random));
    return bucketsOf(Array.from({ length: 40 }, () => scale * luck * Math.exp(0.2 * normal(random))));
  };
  const [one, other] = [1, factor].map((scale) => Array.from({ length: rounds }, () => round(scale)));
  const resamples = drawResamples(rounds, random).slice(0, 300);
  const medians = (all: Buckets[] = []): (number | null)[] => {
    const percentiles = percentilesOf(all, [50]);
    return resamples.map((indices) => percentiles(indices)[0] ?? null);
  };
  return ratioInterval(medians(other), medians(one), rounds);
}

/** The mean of the rounds in each resample. */
const means = (rounds: readonly number[], resamples: readonly Uint16Array[]): number[] =>
  resamples.map((indices) => indices.reduce((sum, at) => sum + (rounds[at] ?? NaN), 0) / indices.length);

const holds = (interval: Interval | null, truth: number): boolean =>
  interval !== null && interval.low <= truth && truth <= interval.high;

describe("the 95 % interval of a ratio", () => {
  it.each([8, 10])("contains 1 for equal strategies in about 95 of 100 runs of %i rounds", (rounds) => {
    const random = seededRandom(rounds);
    const runs = Array.from({ length: 200 }, () => experiment(random, rounds, 1));
    const covered =
      runs.filter((interval) => interval && interval.low <= 1 && interval.high >= 1).length / 200;
    expect(covered).toBeGreaterThan(0.91);
    expect(covered).toBeLessThan(0.99);
  });

  it("finds a strategy that is half as slow again", () => {
    const random = seededRandom(3);
    const runs = Array.from({ length: 40 }, () => experiment(random, 10, 1.5));
    expect(runs.filter((interval) => interval && interval.low > 1).length).toBe(40);
  });

  it("is not given for fewer rounds than can be resampled, nor where a resample has no figure", () => {
    expect(drawResamples(3, seededRandom(1))).toEqual([]);
    expect(experiment(seededRandom(1), 3, 2)).toBeNull();
    expect(ratioInterval([1, null], [1, 1], 8)).toBeNull();
    expect(ratioInterval([1, 1], [1, 0], 8)).toBeNull();
  });

  it("holds the truth in about 95 of 100 runs where whole rounds vary", () => {
    const random = seededRandom(95);
    const covered = rateOf(400, () => {
      const resamples = drawResamples(10, random, 500);
      const [one, other] = [logNormals(10, 0.2, random), logNormals(10, 0.2, random)];
      return holds(ratioInterval(means(one, resamples), means(other, resamples), 10), 1);
    });
    expect(covered).toBeGreaterThan(0.92);
    expect(covered).toBeLessThan(0.98);
  });
});

describe("the interval of a figure", () => {
  it("holds the truth in about as many runs as it says", () => {
    const random = seededRandom(96);
    for (const alpha of [0.05, 0.1]) {
      const covered = rateOf(400, () => {
        const resamples = drawResamples(10, random, 500);
        const interval = figureInterval(means(logNormals(10, 0.1, random), resamples), 10, alpha);
        return holds(interval, Math.exp(0.1 ** 2 / 2));
      });
      expect(covered).toBeGreaterThan(1 - alpha - 0.04);
      expect(covered).toBeLessThan(1 - alpha + 0.03);
    }
  });

  it("is the wider, the more confidence is asked for", () => {
    const values = Array.from({ length: 1_001 }, (_, at) => at);
    const [certain, usual, loose] = [0.01, 0.05, 0.2].map((alpha) => figureInterval(values, 100, alpha));
    expect(usual).toEqual(figureInterval(values, 100));
    expect(certain?.low).toBeLessThan(usual?.low ?? 0);
    expect(usual?.low).toBeLessThan(loose?.low ?? 0);
    expect(certain?.high).toBeGreaterThan(usual?.high ?? 1_000);
    expect((usual?.low ?? 0) + (usual?.high ?? 0)).toBe(1_000);
  });

  it("is not given for too few rounds, for no values, nor where one is missing", () => {
    expect(figureInterval([1, 2, 3], 3)).toBeNull();
    expect(figureInterval([], 10)).toBeNull();
    expect(figureInterval([1, null, 3], 10)).toBeNull();
    expect(figureInterval([2, 2, 2], 10)).toEqual({ low: 2, high: 2 });
  });
});

describe("resampling", () => {
  it("draws as many resamples as are asked for, of as many rounds as there are", () => {
    const resamples = drawResamples(7, seededRandom(1), 20);
    expect(resamples.map((indices) => indices.length)).toEqual(Array(20).fill(7));
    expect(new Set(resamples.flatMap((indices) => [...indices]))).toEqual(new Set([0, 1, 2, 3, 4, 5, 6]));
    expect(drawResamples(7, seededRandom(1)).length).toBe(1_000);
  });

  it("knows a ratio only where both figures are known and the lower one is positive", () => {
    expect(resampledRatios([6, null, 6, 6, 6], [3, 3, null, 0])).toEqual([2, null, null, null, null]);
  });
});

describe("the expanded tail", () => {
  it("leaves out the share that Hesterberg's table gives, and 2.5 % for many rounds", () => {
    expect(expandedTail(5)).toBeCloseTo(0.00095, 4);
    expect(expandedTail(10)).toBeCloseTo(0.00855, 3);
    expect(expandedTail(20)).toBeCloseTo(0.0159, 3);
    expect(expandedTail(100_000)).toBeCloseTo(0.025, 3);
  });

  it("is half of alpha for many rounds, and less for few", () => {
    const alphas = fc.constantFrom(0.01, 0.05, 0.1, 0.2);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), alphas, (rounds, alpha) => {
        expect(expandedTail(rounds, alpha)).toBeLessThan(expandedTail(rounds + 1, alpha));
        expect(expandedTail(rounds, alpha)).toBeLessThan(alpha / 2);
        expect(expandedTail(1_000_000, alpha)).toBeCloseTo(alpha / 2, 5);
      }),
      { numRuns: 30 },
    );
  });
});
