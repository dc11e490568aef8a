import { describe, expect, it } from "vitest";
import type { Circumstances } from "../../../src/bench/gates/evaluate.js";
import { judge } from "../../../src/bench/gates/judge.js";
import { overall } from "../../../src/bench/gates/evaluate.js";
import { regressionClaims } from "../../../src/bench/gates/regression.js";
import type { Verdict } from "../../../src/bench/result.js";
import { seededRandom } from "../../../src/core/random.js";
import { luckyRound, PLAN, sequentially, type Spread } from "../synthetic.js";

const FREE: Circumstances = { limits: () => [], incomparable: () => null, interrupted: false };
const RUNS = 60;
/** Of whole rounds by 5 %, of single operations by 30 %. */
const SPREAD: Spread = { between: 0.05, within: 0.3, operations: 100 };
/** Ten rounds, and up to forty while a gate cannot tell. */
const [PLANNED, MOST] = [10, 40];

/** How many runs of a strategy `factor` times as slow as its base came to each verdict, with a limit of 10 %. */
function verdicts(factor: number, { burst = 0 } = {}): Record<Verdict, number> {
  const plan = { ...PLAN, strategies: ["keepalive"] as const, against: true };
  const claims = regressionClaims(plan, { kind: "against" }, 10);
  const random = seededRandom(1);
  const median = (of: number): number => of * (random() < burst ? 1 + 2 * random() : 1);
  const found = { pass: 0, fail: 0, inconclusive: 0 };
  for (let run = 0; run < RUNS; run++) {
    const { gates } = sequentially(
      PLANNED,
      MOST,
      () => [
        { name: "keepalive", rounds: [luckyRound(median(factor), SPREAD, random)] },
        { name: "keepalive@base", rounds: [luckyRound(median(1), SPREAD, random)] },
      ],
      (measured, { extension }, alpha) =>
        judge({
          plan,
          claims,
          measured,
          saved: [],
          circumstances: FREE,
          alpha,
          extension,
          random: seededRandom(run),
        }),
    );
    found[overall(gates) ?? "pass"]++;
  }
  return found;
}

// Of 300 runs and more each: alike, none failed and 298 passed; 20 % slower, none passed and 300 failed; at the
// limit itself 5 of 1,000 passed and 15 failed. With bursts in 5 % of all rounds none of 300 failed, and none passed.
describe("a gate at 10 %, asked for P50 and P95 as often as it may look", () => {
  it("hardly ever fails identical code, and passes most of it", () => {
    const { pass, fail } = verdicts(1);
    expect(fail).toBeLessThanOrEqual(RUNS / 100);
    expect(pass).toBeGreaterThan(0.9 * RUNS);
  });

  it("never passes what is 20 % slower, and fails most of it", () => {
    const { pass, fail } = verdicts(1.2);
    expect(pass).toBe(0);
    expect(fail).toBeGreaterThan(0.9 * RUNS);
  });

  it("does neither more often for bursts of noise in single rounds", () => {
    expect(verdicts(1, { burst: 0.05 }).fail).toBeLessThanOrEqual(RUNS / 100);
    expect(verdicts(1.2, { burst: 0.05 }).pass).toBe(0);
  });
});
