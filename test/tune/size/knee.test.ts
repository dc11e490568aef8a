import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom, type Random } from "../../../src/core/random.js";
import { throughputAt, type ScalePoint } from "../../../src/stats/scalability.js";
import { drawResamples } from "../../../src/stats/bootstrap.js";
import { findKnee, type Knee } from "../../../src/tune/size/knee.js";
import { median } from "../../../src/stats/median.js";

const LEVELS = [1, 2, 3, 4, 5, 6, 8, 16];
const ROUNDS = 8;

/** A sweep whose rounds differ by `noise`, as a share: one normal deviate, Box-Muller. */
function sweep(
  truth: (n: number) => number,
  levels: readonly number[],
  noise = 0,
  random: Random = () => 0.5,
) {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const rounds = levels.map((n) =>
    Array.from({ length: ROUNDS }, () => truth(n) * Math.max(0.05, 1 + noise * normal())),
  );
  const points = (drawn: Iterable<number>): ScalePoint[] => {
    const indices = [...drawn];
    return levels.map((concurrency, at) => ({
      concurrency,
      throughput: median(indices.map((index) => rounds[at]?.[index] ?? 0)),
    }));
  };
  const resampled = drawResamples(ROUNDS, random, 200).map(points);
  return findKnee(points(Array(ROUNDS).keys()), resampled, ROUNDS);
}

const hard =
  (limit: number, overhead = 0) =>
  (n: number): number =>
    200 * Math.min(n / (1 + overhead), limit);

describe("the knee", () => {
  test.each<[number, readonly number[]]>([
    [4, [1, 2, 4, 8, 16, 32]],
    [4, LEVELS],
    [1, [1, 2, 4]],
    [1, [1, 2, 3, 4]],
    [2, [1, 2, 3, 4, 8]],
    [3, LEVELS],
    [5, LEVELS],
    [8, [1, 2, 4, 5, 6, 8, 10, 12, 16, 32]],
    [16, [1, 2, 4, 8, 10, 12, 16, 20, 24, 32]],
  ])("of a limit to %i at one time is there, at levels %j", (limit, levels) => {
    expect(sweep(hard(limit), levels).at).toBe(limit);
  });

  test("of a limit is told by the levels, because the law does not fit one", () => {
    const knee = sweep(hard(4), LEVELS);
    expect(knee.misses).toBeGreaterThan(0.1);
    expect(knee.fit?.r_squared).toBeLessThan(0.96);
  });

  test.each([0.01, 0.05, 0.1])("of a limit to 4 is 3 to 5 in rounds that differ by %f", (noise) => {
    const found: (number | null)[] = [];
    for (let seed = 0; seed < 50; seed++) found.push(sweep(hard(4), LEVELS, noise, seededRandom(seed)).at);
    expect(found.filter((at) => at === null || at < 3 || at > 5)).toEqual([]);
  });

  test("is not moved far by what the way to the database takes", () => {
    for (let seed = 0; seed < 50; seed++) {
      const { at } = sweep(hard(4, 0.25), LEVELS, 0.05, seededRandom(seed));
      expect(at).toBeGreaterThanOrEqual(3);
      expect(at).toBeLessThanOrEqual(5);
    }
  });

  test("of throughput that follows the law is the law's", () => {
    const levels = [1, 2, 4, 8, 12, 16, 32];
    const truth = (n: number): number => throughputAt({ gamma: 500, alpha: 0.1, beta: 0.001 }, n);
    const exact = sweep(truth, levels);
    expect(exact).toMatchObject({ at: 6, misses: null, fit: { gamma: expect.closeTo(500, 6) as number } });
    for (let seed = 0; seed < 30; seed++) {
      const { at, fit } = sweep(truth, levels, 0.02, seededRandom(seed));
      const { low = NaN, high = NaN } = fit?.knee_interval_95 ?? {};
      expect(at).toBeGreaterThanOrEqual(5);
      expect(at).toBeLessThanOrEqual(8);
      expect(low).toBeLessThanOrEqual(fit?.knee ?? NaN);
      expect(high).toBeGreaterThanOrEqual(fit?.knee ?? NaN);
    }
  });

  test.each<[string, (n: number) => number]>([
    ["rises in proportion", hard(1_000)],
    ["still rises at the top", (n) => throughputAt({ gamma: 9, alpha: 0.02, beta: 0 }, n)],
    ["bends at the top", hard(16)],
  ])("was not reached where throughput %s", (_, truth) => {
    expect(sweep(truth, LEVELS).at).toBeNull();
    expect(sweep(truth, LEVELS, 0.03, seededRandom(1)).at).toBeNull();
  });

  test("was not reached at a single level", () => {
    expect(sweep(hard(4), [1])).toEqual<Knee>({ fit: null, at: null, misses: null });
  });

  test("lies within the levels, and nothing is told that is no number", () => {
    const throughput = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 1e6, noNaN: true })), {
      minLength: 1,
      maxLength: 9,
    });
    fc.assert(
      fc.property(throughput, fc.integer({ min: 0, max: 1_000 }), (values, seed) => {
        const levels = values.map((_, at) => at + 1);
        const { at, fit, misses } = sweep((n) => values[n - 1] ?? 0, levels, 0.05, seededRandom(seed));
        if (at !== null) {
          expect(at).toBeGreaterThanOrEqual(1);
          expect(at).toBeLessThan(levels.length);
        }
        const told = [misses, fit?.gamma, fit?.alpha, fit?.beta, fit?.r_squared, fit?.knee];
        const { low, high } = fit?.knee_interval_95 ?? {};
        for (const one of [...told, low, high])
          if (typeof one === "number") expect(one).toSatisfy(Number.isFinite);
      }),
      { numRuns: 100 },
    );
  });
});
