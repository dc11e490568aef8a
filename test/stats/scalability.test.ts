import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  boundsCrossing,
  fitness,
  fitScalability,
  powerPeak,
  throughputAt,
  type Scalability,
  type ScalePoint,
} from "../../src/stats/scalability.js";

const LEVELS = [1, 2, 3, 4, 6, 8, 16, 32];

function pointsOf(throughput: (n: number) => number, levels: readonly number[] = LEVELS): ScalePoint[] {
  return levels.map((concurrency) => ({ concurrency, throughput: throughput(concurrency) }));
}

const law = fc.record({
  gamma: fc.double({ min: 0.1, max: 1e5, noNaN: true }),
  alpha: fc.double({ min: 0, max: 0.9, noNaN: true }),
  beta: fc.double({ min: 0, max: 0.1, noNaN: true }),
});

describe("the scalability law", () => {
  test("is recovered from points that follow it", () => {
    fc.assert(
      fc.property(law, (truth) => {
        const points = pointsOf((n) => throughputAt(truth, n));
        const found = fitScalability(points);
        if (found === null) return expect.unreachable();
        expect(found.gamma / truth.gamma).toBeCloseTo(1, 6);
        expect(found.alpha).toBeCloseTo(truth.alpha, 6);
        expect(found.beta).toBeCloseTo(truth.beta, 6);
        expect(fitness(found, points).farthest).toBeLessThan(1e-6);
      }),
    );
  });

  test.each<[string, (n: number) => number, Partial<Scalability>]>([
    ["proportional", (n) => 50 * n, { gamma: 50, alpha: 0, beta: 0 }],
    ["the same everywhere", () => 50, { gamma: 50, alpha: 1, beta: 0 }],
    ["more than proportional", (n) => n ** 1.2, { alpha: 0, beta: 0 }],
  ])("has no negative contention where throughput is %s", (_, throughput, expected) => {
    const found = fitScalability(pointsOf(throughput)) ?? {};
    for (const [name, value] of Object.entries(expected))
      expect(found).toHaveProperty(name, expect.closeTo(value, 6));
  });

  test("takes four levels that carry something", () => {
    expect(fitScalability(pointsOf((n) => n, [1, 2, 4]))).toBeNull();
    expect(fitScalability(pointsOf((n) => n, [1, 1, 1, 2]))).toBeNull();
    expect(fitScalability(pointsOf((n) => (n > 3 ? 0 : n)))).toBeNull();
    expect(fitScalability([])).toBeNull();
  });

  test("tells how well it fits", () => {
    const points = pointsOf((n) => Math.min(n, 4));
    const found = fitScalability(points);
    if (found === null) return expect.unreachable();
    const { rSquared, farthest } = fitness(found, points);
    expect([rSquared > 0.8 && rSquared < 0.96, farthest > 0.1 && farthest < 0.2]).toEqual([true, true]);
    expect(
      fitness(
        { gamma: 5, alpha: 1, beta: 0 },
        pointsOf(() => 5),
      ),
    ).toEqual({ rSquared: 1, farthest: 0 });
  });
});

describe("the crossing of the bounds", () => {
  test.each<[number, number, number]>([
    [0, 0, Infinity],
    [0.05, 0, 20],
    [1, 0, 1],
    [2, 0.1, 1],
    // The most throughput is at 10.
    [0.19, 0.0081, 10 / (1 + 0.19 * 9 + 0.0081 * 90)],
  ])("with α = %f and β = %f is at %f", (alpha, beta, crossing) => {
    const found = boundsCrossing({ gamma: 100, alpha, beta });
    if (crossing === Infinity) expect(found).toBe(Infinity);
    else expect(found).toBeCloseTo(crossing, 9);
  });
});

describe("the peak of power", () => {
  test.each<[number, number, number]>([
    [0, 0, Infinity],
    [0.05, 0, 19],
    [0.5, 0, 1],
    [0.2, 0, 4],
    [1, 0, 1],
    [3, 0.1, 1],
    // Without contention: 1 + βN = 3βN², nearly 1/sqrt(3β).
    [0, 1e-6, 577.5],
    [0, 1 / 48, 4.17],
  ])("with α = %f and β = %f is at %f", (alpha, beta, peak) => {
    const found = powerPeak({ gamma: 100, alpha, beta });
    if (peak === Infinity) expect(found).toBe(Infinity);
    else expect(Math.abs(found / peak - 1)).toBeLessThan(0.001);
  });

  test("is nowhere exceeded", () => {
    fc.assert(
      fc.property(law, fc.double({ min: 1, max: 1_000, noNaN: true }), (truth, n) => {
        const power = (at: number): number => throughputAt(truth, at) ** 2 / at;
        const peak = Math.min(powerPeak(truth), 1e6);
        expect(peak).toBeGreaterThanOrEqual(1);
        expect(power(n)).toBeLessThanOrEqual(power(peak) * (1 + 1e-9));
      }),
    );
  });
});
