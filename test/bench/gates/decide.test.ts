import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../../src/bench/gates/decide.js";
import { OPERATORS } from "../../../src/bench/gates/threshold.js";

/** Intervals around a limit of 10, and what each operator says of them. */
describe("an interval compared with a limit", () => {
  it.each([
    //  low high      <               <=              >               >=
    [1, 9, "pass", "pass", "fail", "fail"],
    [1, 10, "inconclusive", "pass", "fail", "inconclusive"],
    [1, 11, "inconclusive", "inconclusive", "inconclusive", "inconclusive"],
    [10, 10, "fail", "pass", "fail", "pass"],
    [10, 11, "fail", "inconclusive", "inconclusive", "pass"],
    [11, 12, "fail", "fail", "pass", "pass"],
    [-Infinity, 9, "pass", "pass", "fail", "fail"],
    [11, Infinity, "fail", "fail", "pass", "pass"],
    [-Infinity, Infinity, "inconclusive", "inconclusive", "inconclusive", "inconclusive"],
    [NaN, NaN, "inconclusive", "inconclusive", "inconclusive", "inconclusive"],
  ])("[%d, %d] is %s for <, %s for <=, %s for >, %s for >=", (low, high, ...expected) => {
    expect(OPERATORS.map((operator) => decide({ low, high }, operator, 10))).toEqual(expected);
  });

  it("passes or fails only where every point of the interval agrees", () => {
    const holds = { "<": (a: number) => a < 5, "<=": (a: number) => a <= 5, ">": (a: number) => a > 5 };
    fc.assert(
      fc.property(
        fc.nat({ max: 10 }),
        fc.nat({ max: 10 }),
        fc.constantFrom("<", "<=", ">", ">="),
        (low, width, operator) => {
          const holdsAt = operator === ">=" ? (a: number) => a >= 5 : holds[operator];
          const points = Array.from({ length: width + 1 }, (_, step) => low + step).map(holdsAt);
          const expected = points.every(Boolean) ? "pass" : points.some(Boolean) ? "inconclusive" : "fail";
          expect(decide({ low, high: low + width }, operator, 5)).toBe(expected);
        },
      ),
    );
  });
});
