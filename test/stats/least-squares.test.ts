import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leastSquares, nonNegativeLeastSquares } from "../../src/stats/least-squares.js";

const X = [1, 2, 3, 4, 5];
const ONES = X.map(() => 1);

describe("least squares", () => {
  test("finds the line through points that lie on one", () => {
    const [constant, slope] = leastSquares(
      [ONES, X],
      X.map((x) => 3 - 2 * x),
    ) ?? [NaN, NaN];
    expect(constant).toBeCloseTo(3, 12);
    expect(slope).toBeCloseTo(-2, 12);
  });

  test("finds Anscombe's line, y = 3 + x/2", () => {
    // F. Anscombe, "Graphs in Statistical Analysis", The American Statistician 27 (1973), first set.
    const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
    const y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68];
    const found = leastSquares([x.map(() => 1), x], y) ?? [];
    expect(found.map((value) => value.toFixed(4))).toEqual(["3.0001", "0.5001"]);
  });

  test("says so when columns do not determine it", () => {
    expect(leastSquares([X, X.map((x) => 2 * x)], ONES)).toBeNull();
    expect(leastSquares([X.map(() => 0)], ONES)).toBeNull();
  });
});

describe("least squares without negative coefficients", () => {
  test("leaves out what would have to be negative", () => {
    const found = nonNegativeLeastSquares(
      [ONES, X],
      X.map((x) => 3 - 2 * x),
    );
    expect(found).toEqual([0, 0]);
    const [constant, slope] = nonNegativeLeastSquares(
      [ONES, X],
      X.map((x) => 10 - x),
    );
    expect([constant?.toFixed(9), slope]).toEqual(["7.000000000", 0]);
  });

  test("is never farther off than any other choice of coefficients", () => {
    const column = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 5, maxLength: 5 });
    const share = fc.double({ min: 0, max: 5, noNaN: true });
    fc.assert(
      fc.property(column, column, column, share, share, (one, other, target, a, b) => {
        const far = ([first = 0, second = 0]: readonly number[]): number =>
          target.reduce(
            (sum, value, at) => sum + (value - first * (one[at] ?? 0) - second * (other[at] ?? 0)) ** 2,
            0,
          );
        const found = nonNegativeLeastSquares([one, other], target);
        expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
        expect(far(found)).toBeLessThanOrEqual(far([a, b]) * (1 + 1e-9) + 1e-9);
      }),
    );
  });
});
