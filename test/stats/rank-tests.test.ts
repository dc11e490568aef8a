import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/core/random.js";
import { mannKendall } from "../../src/stats/mann-kendall.js";
import { rankSumTest } from "../../src/stats/rank-sum.js";
import { doubledMidranks } from "../../src/stats/ranks.js";
import { signedRankTest } from "../../src/stats/signed-rank.js";
import { logNormals, rateOf } from "./simulation.js";

/** The share of all choices of signs, or of members, whose statistic lies as far from the expected one. */
function shareAsFar(all: readonly number[], observed: number): number {
  const expected = all.reduce((sum, one) => sum + one, 0) / all.length;
  const asFar = all.filter((one) => Math.abs(one - expected) >= Math.abs(observed - expected) - 1e-9);
  return asFar.length / all.length;
}

/** Every way to divide `items` into chosen and others. */
function divisions<T>(items: readonly T[]): { chosen: T[]; others: T[] }[] {
  return Array.from({ length: 2 ** items.length }, (_, bits) => ({
    chosen: items.filter((_, at) => (bits >> at) & 1),
    others: items.filter((_, at) => !((bits >> at) & 1)),
  }));
}

describe("ranks", () => {
  it("are shared by equal values", () => {
    expect(doubledMidranks([30, 10, 20, 20])).toEqual([8, 2, 5, 5]);
    expect(doubledMidranks([7, 7, 7])).toEqual([4, 4, 4]);
    expect(doubledMidranks([])).toEqual([]);
  });
});

describe("the signed-rank test", () => {
  it("agrees with the count of all choices of signs, ties and zeros included", () => {
    const differences = fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(differences, (values) => {
        const ranks = doubledMidranks(values.map(Math.abs)).map((rank) => rank / 2);
        const nonZero = ranks.filter((_, at) => values[at] !== 0);
        const sums = divisions(nonZero).map(({ chosen }) => chosen.reduce((sum, rank) => sum + rank, 0));
        const positive = ranks.filter((_, at) => (values[at] ?? 0) > 0).reduce((sum, rank) => sum + rank, 0);
        const result = signedRankTest(values);
        expect(result?.statistic).toBe(positive);
        expect(result?.pValue).toBeCloseTo(shareAsFar(sums, positive), 10);
      }),
    );
  });

  it("finds Wilcoxon's example: Darwin's plants, W = 96 of 120, p = 0.041", () => {
    const darwin = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(signedRankTest(darwin)).toEqual({ statistic: 96, pValue: expect.closeTo(0.04126, 5) as number });
  });

  it("finds no difference in zeros, and says nothing of nothing", () => {
    expect(signedRankTest([0, 0, 0])).toEqual({ statistic: 0, pValue: 1 });
    expect(signedRankTest([])).toBeNull();
  });

  it("cannot be significant at 5 % below 6 differences", () => {
    expect(signedRankTest([1, 2, 3, 4, 5])?.pValue).toBeCloseTo(0.0625, 10);
    expect(signedRankTest([1, 2, 3, 4, 5, 6])?.pValue).toBeCloseTo(0.03125, 10);
  });

  it("passes from exact to approximate without a step", () => {
    const random = seededRandom(5);
    for (const shift of [0, 0.1, 0.2]) {
      const values = logNormals(51, 0.5, random).map((value) => Math.log(value) + shift);
      const exact = signedRankTest(values.slice(1))?.pValue ?? NaN;
      const approximate = signedRankTest([...values.slice(1), 0])?.pValue ?? NaN;
      expect(Math.abs(approximate - exact)).toBeLessThan(0.03);
    }
  });
});

describe("the rank-sum test", () => {
  it("agrees with the count of all choices of members, ties included", () => {
    const sample = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(sample, sample, (a, b) => {
        const wins = (these: readonly number[], those: readonly number[]): number =>
          these.flatMap((x) => those.map((y) => (Math.sign(x - y) + 1) / 2)).reduce((sum, x) => sum + x, 0);
        const all = divisions([...a, ...b]).filter(({ chosen }) => chosen.length === a.length);
        const result = rankSumTest(a, b);
        expect(result.statistic).toBe(wins(a, b));
        const statistics = all.map(({ chosen, others }) => wins(chosen, others));
        expect(result.pValue).toBeCloseTo(shareAsFar(statistics, wins(a, b)), 10);
      }),
    );
  });

  it("gives the tabled p of two samples that do not overlap", () => {
    expect(rankSumTest([1, 2, 3, 4], [5, 6, 7, 8])).toEqual({
      statistic: 0,
      pValue: expect.closeTo(2 / 70, 10) as number,
    });
  });

  it("finds no difference where there is nothing to compare", () => {
    expect(rankSumTest([], [1, 2]).pValue).toBe(1);
    expect(rankSumTest([1, 1], [1, 1, 1]).pValue).toBe(1);
    expect(rankSumTest(Array<number>(40).fill(1), Array<number>(40).fill(1)).pValue).toBe(1);
  });

  it("is the same the other way round, in small samples and in large ones", () => {
    const random = seededRandom(6);
    for (const size of [8, 25, 26, 60]) {
      const [a, b] = [logNormals(size, 0.3, random), logNormals(size, 0.3, random).map((x) => x * 1.1)];
      expect(rankSumTest(a, b).pValue).toBeCloseTo(rankSumTest(b, a).pValue, 10);
      expect(rankSumTest(a, b).statistic + rankSumTest(b, a).statistic).toBe(size * size);
    }
  });
});

describe("rank tests of equal distributions", () => {
  it.each([10, 60])("are significant at 5 % in about 5 of 100 runs of %i rounds", (rounds) => {
    const random = seededRandom(rounds);
    const sample = (): number[] => logNormals(rounds, 0.3, random);
    const rates = [
      rateOf(400, () => (signedRankTest(sample().map(Math.log))?.pValue ?? 1) < 0.05),
      rateOf(400, () => rankSumTest(sample(), sample()).pValue < 0.05),
      rateOf(400, () => mannKendall(sample()).pValue < 0.05),
    ];
    for (const rate of rates) {
      expect(rate).toBeGreaterThan(0.02);
      expect(rate).toBeLessThan(0.08);
    }
  });
});

describe("the Mann-Kendall test", () => {
  it("counts the pairs that rise, less those that fall", () => {
    expect(mannKendall([1, 2, 3, 4]).statistic).toBe(6);
    expect(mannKendall([4, 3, 3, 1]).statistic).toBe(-5);
  });

  it("has the p of its formula, with ties and without", () => {
    // S = 45, variance 10 * 9 * 25 / 18 = 125, z = 44 / sqrt(125).
    expect(mannKendall([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).pValue).toBeCloseTo(8.303e-5, 7);
    // S = 8, variance (5 * 4 * 15 - 2 * 2 * 1 * 9) / 18 = 14.67, z = 7 / sqrt(14.67).
    expect(mannKendall([1, 1, 2, 2, 3]).pValue).toBeCloseTo(0.06759, 4);
    expect(mannKendall([2, 2, 2, 2, 2]).pValue).toBe(1);
  });
});
