import { describe, expect, it } from "vitest";
import type { BenchResult } from "../../src/bench/result.js";
import { planDifference } from "../../src/bench/same-plan.js";
import { resultOf } from "../support/bench-results.js";

type Plan = BenchResult["plan"];

const plan: Plan = {
  ...resultOf({ client: [1, 0], keepalive: [1, 0] }).plan,
  pool: { max_connections: 10, min_connections: 1 },
};
const withPlan = (change: Partial<Plan>): Plan => ({ ...plan, ...change });

describe("plans are the same", () => {
  it.each<Partial<Plan>>([
    {},
    { seed: 8 },
    { calibrate: true },
    { max_duration_ms: 60_000 },
    { allow_writes: true },
    { strategies: ["keepalive", "client"] },
    { queries: [{ sql: "SELECT 1", weight: 3 }] },
  ])("whatever the schedule or the permissions: %j", (change) => {
    expect(planDifference(plan, withPlan(change))).toBeNull();
  });

  it("when statements have the same shares in any order", () => {
    const one = withPlan({
      queries: [
        { sql: "SELECT 1", weight: 1 },
        { sql: "SELECT 2", weight: 3 },
      ],
    });
    const other = withPlan({
      queries: [
        { sql: "SELECT 2", weight: 75 },
        { sql: "SELECT 1", weight: 25 },
      ],
    });
    expect(planDifference(one, other)).toBeNull();
  });

  it("when options differ of pools that nobody uses", () => {
    const alone = { strategies: ["client"] } as const;
    expect(planDifference(withPlan(alone), withPlan({ ...alone, pool: { max_connections: 2 } }))).toBeNull();
  });
});

describe("the first difference of plans is told in words", () => {
  it.each<[Partial<Plan>, string]>([
    [{ concurrency: 1 }, "concurrency 4 there, concurrency 1 here"],
    [{ loop: "open", rate_per_second: 100 }, "a loop that is closed there, a loop that is open here"],
    [
      { loop: "gap", gap_ms: 5_000, concurrency: 1 },
      "a loop that is closed there, a gap before each operation here",
    ],
    [{ strategies: ["client"] }, "strategies client keepalive there, strategies client here"],
    [{ operations: 2_000 }, "1000 operations there, 2000 operations here"],
    [{ operations: null, duration_ms: 10_000 }, "1000 operations there, a duration of 10s here"],
    [{ rounds: 20 }, "10 rounds there, 20 rounds here"],
    [{ warmup_operations: 0 }, "a warm-up of 10 operations there, a warm-up of 0 operations here"],
    [{ settle_ms: 0 }, "a settle time of 50ms there, a settle time of 0ms here"],
    [{ pool: { max_connections: 2 } }, "max_connections 10 there, max_connections 2 here"],
    [{ pool: { max_connections: 10 } }, "min_connections 1 there, no min_connections here"],
    [{ queries: [{ sql: "SELECT 1\n  , 2", weight: 1 }] }, 'only "SELECT 1" there, no "SELECT 1" here'],
    [
      {
        queries: [
          { sql: "SELECT 1", weight: 1 },
          { sql: "SELECT 2", weight: 3 },
        ],
      },
      'only "SELECT 1" there, "SELECT 1" at 25 % here',
    ],
  ])("%j", (change, words) => {
    expect(planDifference(plan, withPlan(change))).toBe(words);
  });

  it("in one short line, with names for the two", () => {
    const sql = `SELECT\t1 -- ${"long ".repeat(100)}\u001b[31m`;
    const words = planDifference(withPlan({ queries: [{ sql, weight: 1 }] }), plan, ["in a", "in b"]) ?? "";
    expect(words).toMatch(/^only "SELECT 1 -- long [^\p{Cc}]+…" in a, no "SELECT 1 [^\p{Cc}]+…" in b$/u);
    expect(words.length).toBeLessThan(200);
  });

  it("of rates and gaps", () => {
    const open = (rate: number): Plan => withPlan({ loop: "open", rate_per_second: rate });
    expect(planDifference(open(100), open(200))).toBe("a rate of 100/s there, a rate of 200/s here");
    const gap = (length: number): Plan => withPlan({ loop: "gap", gap_ms: length });
    expect(planDifference(gap(250), gap(5_000))).toBe("a gap of 250ms there, a gap of 5s here");
  });
});
