import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalCdf, normalQuantile, studentTQuantile } from "../../src/stats/student-t.js";

/** The same within 1e-7 of the expected value. */
function expectNear(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-7 * Math.abs(expected));
}

describe("the normal distribution", () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-1, 0.15865525393145707],
    [2.999, 0.9986456631],
    [3.001, 0.9986545386],
    [-3, 0.0013498980316300946],
    [-5, 2.866515718791939e-7],
    [-10, 7.61985302416047e-24],
    [8, 1],
    [Infinity, 1],
    [-Infinity, 0],
  ])("lies below %f with the tabled probability", (z, p) => expectNear(normalCdf(z), p));

  it.each([
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.95, 1.6448536269514722],
    [0.001, -3.090232306167813],
    [1e-10, -6.361340902404056],
    [1, Infinity],
    [0, -Infinity],
  ])("has the tabled quantile of %f", (p, z) => {
    if (Number.isFinite(z)) expectNear(normalQuantile(p), z);
    else expect(normalQuantile(p)).toBe(z);
  });

  it("gives quantiles that its distribution function turns back", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (p) => {
        expect(normalCdf(normalQuantile(p))).toBeCloseTo(p, 11);
      }),
    );
  });
});

describe("Student's t", () => {
  const probability = fc.double({ min: 0.5001, max: 0.9999, noNaN: true });

  it("has the quantiles known in closed form for 1, 2 and 4 degrees of freedom", () => {
    fc.assert(
      fc.property(probability, (p) => {
        expectNear(studentTQuantile(p, 1), Math.tan(Math.PI * (p - 0.5)));
        const product = 4 * p * (1 - p);
        expectNear(studentTQuantile(p, 2), (2 * p - 1) * Math.sqrt(2 / product));
        const root = Math.sqrt(product);
        const q = Math.cos(Math.acos(root) / 3) / root;
        // For p near 1/2 this subtracts nearly equal numbers.
        if (p > 0.51) expectNear(studentTQuantile(p, 4), 2 * Math.sqrt(q - 1));
      }),
    );
  });

  it.each([
    [0.975, 3, 3.1824463052842638],
    [0.975, 9, 2.2621571628540993],
    [0.95, 9, 1.8331129326536335],
    [0.9999, 10, 5.693820137],
    [0.995, 30, 2.7499956535672254],
    [0.975, 99, 1.9842169515086827],
    [0.9999, 1_000, 3.7328516],
    [0.975, 10_000, 1.9602012636213575],
  ])("has the tabled quantile of %f for %i degrees of freedom", (p, degrees, t) => {
    expect(Math.abs(studentTQuantile(p, degrees) / t - 1)).toBeLessThan(1e-4);
  });

  it("is symmetric, and falls towards the normal distribution with its degrees of freedom", () => {
    fc.assert(
      fc.property(probability, fc.double({ min: 1, max: 1e5, noNaN: true }), (p, degrees) => {
        const t = studentTQuantile(p, degrees);
        expectNear(studentTQuantile(1 - p, degrees), -t);
        expect(t).toBeGreaterThan(studentTQuantile(p, degrees * 1.5));
        expect(t).toBeGreaterThan(normalQuantile(p));
      }),
      { numRuns: 30 },
    );
    expect(studentTQuantile(0.975, Infinity)).toBe(normalQuantile(0.975));
    expect(studentTQuantile(0.5, 3)).toBe(0);
  });

  it("is not a number where it is not defined", () => {
    for (const p of [-0.1, 1.1, NaN]) expect(studentTQuantile(p, 5)).toBeNaN();
    for (const degrees of [0, -1, NaN]) expect(studentTQuantile(0.9, degrees)).toBeNaN();
  });
});
