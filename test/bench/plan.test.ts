import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Load } from "../../src/bench/load.js";
import { blockLength, checkPlan, type BenchPlan } from "../../src/bench/plan.js";
import { parseQuery, statementSource } from "../../src/bench/workload.js";
import { seededRandom, shuffled } from "../../src/core/random.js";
import { PLAN as ANY_PLAN } from "./synthetic.js";

const PLAN: BenchPlan = {
  ...ANY_PLAN,
  strategies: ["unpooled", "keepalive"],
  length: { kind: "operations", operations: 10 },
  rounds: 2,
};

describe("a plan", () => {
  it.each([
    [{ concurrency: 0 }, /--concurrency: 0/],
    [{ concurrency: 1.5 }, /--concurrency: 1.5/],
    [{ rounds: 0 }, /--rounds: 0/],
    [{ warmupOperations: -1 }, /--warmup: -1/],
    [{ seed: 2 ** 33 }, /--seed/],
    [{ length: { kind: "operations", operations: 1 } }, /--operations: 1 .*at least 2: .*2 --rounds/],
    [{ concurrency: 6 }, /--operations: 10 .*at least 12: .*6 callers .*2 --rounds/],
    [{ length: { kind: "duration", duration: 0 } }, /--duration/],
    [{ strategies: [] }, /--strategy/],
    [{ rounds: 101, length: { kind: "operations", operations: 1_000 } }, /--rounds: 101 .*at most 100/],
    [{ load: { kind: "open", perSecond: 0, arrivals: "constant" } }, /--rate/],
    [{ load: { kind: "gap", gap: 0 } }, /--gap/],
    [
      {
        load: { kind: "open", perSecond: 10, arrivals: "constant" },
        concurrency: 50,
        length: { kind: "operations", operations: 1 },
      },
      /--operations: 1 .*at least 2/,
    ],
  ] satisfies [Partial<BenchPlan>, RegExp][])("with %j is refused by the flag's name", (part, message) => {
    expect(() => checkPlan({ ...PLAN, ...part })).toThrow(message);
  });

  it("with more workers than operations in a round is fine in an open loop, where they need not all be busy", () => {
    const load: Load = { kind: "open", perSecond: 10, arrivals: "constant" };
    expect(() => checkPlan({ ...PLAN, load, concurrency: 50 })).not.toThrow();
  });

  it("cannot be changed once it is checked", () => {
    expect(Object.isFrozen(checkPlan({ ...PLAN }))).toBe(true);
  });

  it("spreads a time evenly over the rounds", () => {
    expect(blockLength({ kind: "duration", duration: 4_000 }, 3, 10)).toEqual({
      kind: "duration",
      duration: 400,
    });
  });

  it("spreads operations over the rounds without losing one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 1_000 }), (rounds, more) => {
        const operations = rounds + more;
        const blocks = Array.from({ length: rounds }, (_, round) =>
          blockLength({ kind: "operations", operations }, round, rounds),
        ).map((block) => (block.kind === "operations" ? block.operations : NaN));
        expect(blocks.reduce((sum, one) => sum + one, 0)).toBe(operations);
        expect(Math.max(...blocks) - Math.min(...blocks)).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("a workload", () => {
  it.each([
    ["SELECT 1", { sql: "SELECT 1", weight: 1 }],
    ["SELECT 1@3", { sql: "SELECT 1", weight: 3 }],
    ["SELECT 1 @0.5", { sql: "SELECT 1", weight: 0.5 }],
    ["SELECT 'a@b.example'", { sql: "SELECT 'a@b.example'", weight: 1 }],
  ])("reads %j", (text, expected) => {
    expect(parseQuery(text)).toEqual(expected);
  });

  it.each(["", "SELECT 1@0"])("refuses %j", (text) => {
    expect(() => parseQuery(text)).toThrow(/--query/);
  });

  it("draws by weight, and alike for the same seed", () => {
    const queries = [parseQuery("a@9"), parseQuery("b@1")];
    const draw = (seed: number): string[] => {
      const next = statementSource(queries, seededRandom(seed));
      return Array.from({ length: 2_000 }, next);
    };
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
    const share = draw(5).filter((sql) => sql === "b").length / 2_000;
    expect(share).toBeGreaterThan(0.07);
    expect(share).toBeLessThan(0.13);
  });

  it("shuffles every order about as often as any other", () => {
    const random = seededRandom(3);
    const seen = new Map<string, number>();
    for (let i = 0; i < 6_000; i++) {
      const order = shuffled(["a", "b", "c"], random).join("");
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect([...seen.values()].every((count) => count > 850 && count < 1_150)).toBe(true);
    expect(seen.size).toBe(6);
  });
});
