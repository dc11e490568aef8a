import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom, type Random } from "../../src/core/random.js";
import { drawResamples, ratioInterval, type Interval } from "../../src/stats/bootstrap.js";
import { percentileOf, type Buckets } from "../../src/stats/buckets.js";
import { expandedTail } from "../../src/stats/expanded-tail.js";

function bucketsOf(values: readonly number[]): Buckets {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  return {
    values: Float64Array.from(distinct),
    counts: Float64Array.from(distinct.map((one) => values.filter((value) => value === one).length)),
  };
}

describe("the percentile of several distributions", () => {
  it("is the nearest rank of all their values, each as often as its distribution is named", () => {
    const distribution = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 30 });
    const distributions = fc.array(distribution, { minLength: 1, maxLength: 6 });
    const percent = fc.constantFrom(1, 50, 90, 95, 99, 99.9, 100);
    fc.assert(
      fc.property(distributions, percent, fc.infiniteStream(fc.nat()), (all, p, naturals) => {
        const indices = [...naturals.take(all.length)].map((natural) => natural % all.length);
        const pooled = indices.flatMap((index) => all[index] ?? []).sort((a, b) => a - b);
        const expected = pooled[Math.max(1, Math.ceil((p / 100) * pooled.length - 1e-9)) - 1] ?? null;
        expect(percentileOf(all.map(bucketsOf), p)(indices)).toBe(expected);
      }),
    );
  });
});

/** A standard normal number (Box-Muller). */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Two strategies in the same rounds, each round with luck of its own; the second `factor` times slower. */
function experiment(random: Random, rounds: number, factor: number): Interval | null {
  const round = (scale: number): Buckets => {
    const luck = Math.exp(0.1 * normal(random));
    return bucketsOf(Array.from({ length: 40 }, () => scale * luck * Math.exp(0.2 * normal(random))));
  };
  const [one, other] = [1, factor].map((scale) => Array.from({ length: rounds }, () => round(scale)));
  const resamples = drawResamples(rounds, random).slice(0, 300);
  const medians = (all: Buckets[] = []): (number | null)[] => {
    const median = percentileOf(all, 50);
    return resamples.map((indices) => median(indices));
  };
  return ratioInterval(medians(other), medians(one), rounds);
}

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

  it("leaves out the share that Hesterberg's table gives, and 2.5 % for many rounds", () => {
    expect(expandedTail(5)).toBeCloseTo(0.00095, 4);
    expect(expandedTail(10)).toBeCloseTo(0.00855, 3);
    expect(expandedTail(20)).toBeCloseTo(0.0159, 3);
    expect(expandedTail(100_000)).toBeCloseTo(0.025, 3);
  });
});
