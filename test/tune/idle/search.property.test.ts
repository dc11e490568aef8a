import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/core/random.js";
import { simulate } from "./simulation.js";

const REACH = 90_000;
const limit = fc.integer({ min: 300, max: 85_000 });
const seats = fc.integer({ min: 1, max: 16 });
const how = fc.constantFrom("closed" as const, "silent" as const);
const runs = { numRuns: 300 };

/** How far off the middle of what was found may be. */
function within(truth: number): number {
  return Math.max(500, truth * 0.04);
}

describe("the search for an idle limit", () => {
  test("ends, and has any limit between a survival and a loss, with any number of connections", () => {
    fc.assert(
      fc.property(limit, seats, how, (truth, most, kind) => {
        const { step, peak } = simulate({ seats: most, reach: REACH, how: kind, limit: () => truth });
        expect(step.kind).toBe("found");
        const { range } = step.cuts;
        expect(range.lower).toBeLessThanOrEqual(truth);
        expect(range.upper).toBeGreaterThanOrEqual(truth);
        expect(range.upper - range.lower).toBeLessThanOrEqual(within(range.upper));
        expect(peak).toBeLessThanOrEqual(most);
      }),
      runs,
    );
  });

  test("sees a closing at its very moment, and takes little more than twice as long as the limit for it", () => {
    fc.assert(
      fc.property(limit, (truth) => {
        const { step, took } = simulate({ seats: 8, reach: REACH, how: "closed", limit: () => truth });
        expect(step.cuts.best.upper).toBeCloseTo(truth);
        expect(took).toBeLessThan(2.2 * truth + 2_000);
      }),
      runs,
    );
  });

  test("finds a silent limit in little more than four times as long, with few connections", () => {
    fc.assert(
      fc.property(fc.integer({ min: 3_000, max: 60_000 }), (truth) => {
        const { took } = simulate({ seats: 8, reach: REACH, how: "silent", limit: () => truth });
        expect(took).toBeLessThan(5.5 * truth + 5_000);
      }),
      runs,
    );
  });

  test("says that there is none when there is none, though one connection was lost by accident", () => {
    fc.assert(
      fc.property(seats, fc.nat(12), fc.integer({ min: 50, max: REACH - 1 }), (most, n, age) => {
        const accident = { n, age };
        const { step } = simulate({
          seats: most,
          reach: REACH,
          how: "silent",
          limit: () => Infinity,
          accident,
        });
        expect(step.kind).toBe("none");
      }),
      runs,
    );
  });

  test("finds the limit though one connection was lost by accident before", () => {
    fc.assert(
      fc.property(
        limit,
        seats,
        how,
        fc.nat(12),
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        (truth, most, kind, n, at) => {
          const accident = { n, age: truth * at };
          const { step } = simulate({ seats: most, reach: REACH, how: kind, limit: () => truth, accident });
          expect(step.kind).toBe("found");
          expect(step.cuts.range.lower).toBeLessThanOrEqual(truth);
          expect(step.cuts.range.upper).toBeGreaterThanOrEqual(truth);
        },
      ),
      runs,
    );
  });

  test("ends with about the right limit when that varies by a tenth", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 300, max: 70_000 }),
        seats,
        how,
        fc.integer(),
        (truth, most, kind, seed) => {
          const random = seededRandom(seed);
          const drawn = new Map<number, number>();
          const varying = (n: number): number => {
            const known = drawn.get(n) ?? truth * (0.9 + 0.2 * random());
            drawn.set(n, known);
            return known;
          };
          const { step } = simulate({ seats: most, reach: REACH, how: kind, limit: varying });
          expect(step.kind).not.toBe("none");
          expect(step.cuts.best.upper).toBeGreaterThan(truth * 0.88 - 500);
          expect(step.cuts.best.lower).toBeLessThan(truth * 1.12);
        },
      ),
      runs,
    );
  });
});
