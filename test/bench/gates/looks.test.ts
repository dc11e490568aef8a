import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alphaAt, roundsAt } from "../../../src/bench/gates/looks.js";

describe("looks at the figures", () => {
  it("are all together wrong in 5 % of runs at most, whichever is the last", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), (last) => {
        let spent = alphaAt({ number: last, isLast: true });
        for (let number = 1; number < last; number++) spent += alphaAt({ number, isLast: false });
        expect(spent).toBeCloseTo(0.05, 12);
      }),
    );
  });

  it("leave something for the next, unless they are the last", () => {
    expect([1, 2, 3].map((number) => alphaAt({ number, isLast: false }))).toEqual([
      0.05 / 2,
      0.05 / 6,
      0.05 / 12,
    ]);
    expect([1, 2, 3].map((number) => alphaAt({ number, isLast: true }))).toEqual([0.05, 0.05 / 2, 0.05 / 3]);
  });

  it("come after the planned rounds, and each time there are twice as many", () => {
    expect([1, 2, 3, 4].map((look) => roundsAt(look, 10))).toEqual([10, 20, 40, 80]);
    expect([1, 2, 3, 4].map((look) => roundsAt(look, 1))).toEqual([1, 2, 4, 8]);
  });
});
