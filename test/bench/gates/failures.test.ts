import { describe, expect, it } from "vitest";
import { FigureBook } from "../../../src/bench/figures.js";
import { evaluate, type Circumstances } from "../../../src/bench/gates/evaluate.js";
import { regressionClaims, type Base } from "../../../src/bench/gates/regression.js";
import { seededRandom } from "../../../src/core/random.js";
import { luckyRound, PLAN } from "../synthetic.js";

const FREE: Circumstances = { limits: () => [], incomparable: () => null, interrupted: false };
const SPREAD = { between: 0.02, within: 0.2, operations: 40 };

const BASES: readonly Base[] = [
  { kind: "against" },
  { kind: "saved", absolute: false },
  { kind: "saved", absolute: true },
];

describe("a regression in what fails", () => {
  it("is looked for with any base", () => {
    for (const base of BASES) {
      const plan = { ...PLAN, strategies: ["client" as const, "keepalive" as const] };
      const all = regressionClaims(plan, base, 10).filter(({ metric }) => metric === "error_rate");
      expect(all.map(({ contestants }) => contestants[0])).toEqual(["client", "keepalive"]);
      expect(all[0]?.text).toMatch(
        /^client\.error_rate against client@base(line)?, rise <= 1% of operations$/,
      );
    }
  });

  it.each([
    [0, 0, "pass"],
    [0, 8, "fail"],
    [8, 8, "pass"],
    [8, 0, "pass"],
  ])("of 40 operations a round %i failed before and %i do now: %s", (before, now, verdict) => {
    const failing = (name: string, failed: number) => {
      const random = seededRandom(name.length);
      return {
        name,
        rounds: Array.from({ length: 12 }, () => ({ ...luckyRound(10, SPREAD, random), failed })),
      };
    };
    const run = [failing("keepalive", now), failing("keepalive@base", before)];
    const plan = { ...PLAN, strategies: ["keepalive" as const] };
    const claim = regressionClaims(plan, { kind: "against" }, 10).at(-1);
    if (claim === undefined) throw new Error("nothing is claimed");
    expect(evaluate(claim, new FigureBook([run], seededRandom(1), 10), FREE, 0.05)).toMatchObject({
      verdict,
    });
  });
});
