import { describe, expect, it } from "vitest";
import { FigureBook } from "../../../src/bench/figures.js";
import { evaluate, type Circumstances } from "../../../src/bench/gates/evaluate.js";
import { regressionClaims, savedName, type Base } from "../../../src/bench/gates/regression.js";
import type { BenchPlan } from "../../../src/bench/plan.js";
import type { GateResult } from "../../../src/bench/result.js";
import type { Round } from "../../../src/bench/round.js";
import { seededRandom } from "../../../src/core/random.js";
import { luckyRound, PLAN, roundFrom } from "../synthetic.js";

const FREE: Circumstances = { limits: () => [], incomparable: () => null, interrupted: false };
const SPREAD = { between: 0.02, within: 0.2, operations: 40 };
const RELATIVE: Base = { kind: "saved", absolute: false };
const ABSOLUTE: Base = { kind: "saved", absolute: true };

const planOf = (...strategies: BenchPlan["strategies"]): BenchPlan => ({ ...PLAN, strategies });

function rounds(median: number, seed: number, count = 12): Round[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => luckyRound(median, SPREAD, random));
}

type Contestants = Record<string, Round[]>;
const runOf = (contestants: Contestants) =>
  Object.entries(contestants).map(([name, all]) => ({ name, rounds: all }));

function verdicts(
  plan: BenchPlan,
  base: Base,
  now: Contestants,
  then: Contestants = {},
  { circumstances = FREE, alpha = 0.05 } = {},
): GateResult[] {
  const runs = Object.keys(then).length > 0 ? [runOf(now), runOf(then)] : [runOf(now)];
  const book = new FigureBook(runs, seededRandom(1), 500);
  return regressionClaims(plan, base, 10)
    .filter(({ metric }) => metric !== "error_rate")
    .map((claim) => evaluate(claim, book, circumstances, alpha));
}

const told = (gates: readonly GateResult[]): string[] => gates.map(({ verdict }) => verdict);

describe("what is claimed", () => {
  const texts = (plan: BenchPlan, base: Base): string[] =>
    regressionClaims(plan, base, 10)
      .map(({ text }) => text)
      .filter((text) => !text.includes("error_rate"));

  it("against a second database: every strategy, at P50 and P95", () => {
    expect(texts(planOf("client", "keepalive"), { kind: "against" })).toEqual([
      "client.latency_ms.p50 against client@base, rise <= 10%",
      "client.latency_ms.p95 against client@base, rise <= 10%",
      "keepalive.latency_ms.p50 against keepalive@base, rise <= 10%",
      "keepalive.latency_ms.p95 against keepalive@base, rise <= 10%",
    ]);
  });

  it("after gaps: at P50 only", () => {
    const plan = { ...planOf("client"), load: { kind: "gap" as const, gap: 5_000 } };
    expect(texts(plan, { kind: "against" })).toEqual([
      "client.latency_ms.p50 against client@base, rise <= 10%",
    ]);
  });

  it("against a saved result from elsewhere: how strategies compare with the one that uses no pool of ours", () => {
    expect(texts(planOf("unpooled", "client", "keepalive"), RELATIVE)).toEqual([
      "ratio(unpooled, client, latency_ms.p50) against the baseline's, rise <= 10%",
      "ratio(unpooled, client, latency_ms.p95) against the baseline's, rise <= 10%",
      "ratio(keepalive, client, latency_ms.p50) against the baseline's, rise <= 10%",
      "ratio(keepalive, client, latency_ms.p95) against the baseline's, rise <= 10%",
    ]);
    expect(texts(planOf("unpooled", "keepalive"), RELATIVE)[0]).toMatch(/^ratio\(keepalive, unpooled, /);
  });

  it("against a saved result from here: milliseconds too", () => {
    expect(texts(planOf("client", "keepalive"), ABSOLUTE)).toHaveLength(2 + 4);
    expect(texts(planOf("keepalive"), ABSOLUTE)).toHaveLength(2);
  });

  it("is refused when there is nothing to compare", () => {
    for (const plan of [planOf("client"), planOf("pool", "keepalive")]) {
      expect(() => regressionClaims(plan, RELATIVE, 10)).toThrow(
        /^--baseline: .* no two strategies to compare/,
      );
    }
    for (const percent of [0, -1, NaN]) {
      expect(() => regressionClaims(planOf("client"), { kind: "against" }, percent)).toThrow(
        /--max-regression/,
      );
    }
  });
});

describe("a regression against a second database", () => {
  const plan = planOf("client");
  const of = (now: Round[], base: Round[]): GateResult[] =>
    verdicts(plan, { kind: "against" }, { client: now, "client@base": base });

  it("is none where both are alike", () => {
    expect(told(of(rounds(10, 1), rounds(10, 2)))).toEqual(["pass", "pass"]);
  });

  it("is found when it is well above the limit, and its size told", () => {
    const found = of(rounds(13, 1), rounds(10, 2));
    expect(told(found)).toEqual(["fail", "fail"]);
    expect(found[0]?.value).toBeGreaterThan(25);
    expect(found[0]?.value).toBeLessThan(35);
    expect(found[0]).toMatchObject({ unit: "percent", limit: 10, operator: "<=", source: "regression" });
  });

  it("is none where it became faster", () => {
    expect(told(of(rounds(5, 1), rounds(10, 2)))).toEqual(["pass", "pass"]);
  });

  it("cannot be told at the limit", () => {
    expect(told(of(rounds(11, 1), rounds(10, 2)))).toEqual(["inconclusive", "inconclusive"]);
  });

  it("is not made by what slowed down both in the same rounds", () => {
    const luck = Array.from({ length: 12 }, (_, at) => 1 + at);
    const scaled = (median: number, seed: number): Round[] => {
      const random = seededRandom(seed);
      return luck.map((factor) => luckyRound(median * factor, SPREAD, random));
    };
    expect(told(of(scaled(10, 1), scaled(10, 2)))).toEqual(["pass", "pass"]);
    expect(told(of(scaled(13, 1), scaled(10, 2)))).toEqual(["fail", "fail"]);
  });

  it("is not made, nor hidden, by a burst in one round", () => {
    const burst = (median: number, seed: number): Round[] => [
      ...rounds(median, seed, 23),
      ...rounds(10 * median, seed, 1),
    ];
    expect(told(of(burst(10, 1), rounds(10, 2, 24)))).toEqual(["pass", "pass"]);
    expect(told(of(rounds(13, 1, 24), burst(10, 2)))).toEqual(["fail", "fail"]);
  });

  it.each([
    [5, 0.05, "an interval takes 6 rounds, there were 5"],
    [6, 0.025, "an interval takes 7 rounds, there were 6"],
    [0, 0.05, "no operation succeeded"],
  ])("of %i rounds at alpha %d says how many it takes", (count, alpha, reason) => {
    const few = { client: rounds(13, 1, count), "client@base": rounds(10, 2, count) };
    for (const found of verdicts(plan, { kind: "against" }, few, {}, { alpha })) {
      expect(found).toMatchObject({ verdict: "inconclusive", interval: null, reason });
    }
    const enough = { client: rounds(13, 1, 7), "client@base": rounds(10, 2, 7) };
    expect(verdicts(plan, { kind: "against" }, enough, {}, { alpha })[0]?.interval).not.toBeNull();
  });

  it("at P95 takes as many operations as carry one", () => {
    const few = (ms: number): Round[] => Array.from({ length: 12 }, (_, at) => roundFrom([ms + at / 100]));
    const [p50, p95] = of(few(13), few(10));
    expect(p50?.verdict).toBe("fail");
    expect(p95).toMatchObject({
      verdict: "inconclusive",
      value: null,
      reason: "an interval of it takes 20 operations, there were 12",
    });
  });

  it("never passes when a database that fails is what it is compared with", () => {
    const failing = Array.from({ length: 12 }, () => roundFrom([], { failed: 40 }));
    for (const found of of(rounds(10, 1), failing)) {
      expect(found).toMatchObject({ verdict: "inconclusive", reason: "no operation succeeded" });
    }
    const spotty = rounds(10, 2).map((round) => ({ ...round, failed: 2 }));
    expect(told(of(rounds(10, 1), spotty))).toEqual(["inconclusive", "inconclusive"]);
  });
});

describe("a regression against a saved result", () => {
  const plan = planOf("client", "keepalive");
  const then = (scale = 1): Contestants => ({
    [savedName("client")]: rounds(10 * scale, 3),
    [savedName("keepalive")]: rounds(5 * scale, 4),
  });
  const now = (factor: number, scale = 1): Contestants => ({
    client: rounds(10 * scale, 1),
    keepalive: rounds(5 * factor * scale, 2),
  });

  it.each([1, 1.7, 0.4])("from a host %d times as slow is told by ratios within the runs", (scale) => {
    expect(told(verdicts(plan, RELATIVE, now(1), then(scale)))).toEqual(["pass", "pass"]);
    expect(told(verdicts(plan, RELATIVE, now(1.3), then(scale)))).toEqual(["fail", "fail"]);
  });

  it("has the same interval however fast the host is", () => {
    const scaled = (by: number, round: Round): Round => ({
      ...round,
      latency: { ...round.latency, values: round.latency.values.map((value) => value * by) },
    });
    const slower: Contestants = Object.fromEntries(
      Object.entries(now(1.15)).map(([name, all]) => [name, all.map((round) => scaled(1.7, round))]),
    );
    const [here, there] = [now(1.15), slower].map((one) => verdicts(plan, RELATIVE, one, then())[0]);
    expect(there?.verdict).toBe(here?.verdict);
    expect(there?.value).toBeCloseTo(here?.value ?? NaN, 6);
    expect(there?.interval?.low).toBeCloseTo(here?.interval?.low ?? NaN, 6);
    expect(there?.interval?.high).toBeCloseTo(here?.interval?.high ?? NaN, 6);
  });

  it("in milliseconds is told by the host as well", () => {
    const gates = verdicts(plan, ABSOLUTE, now(1, 1.7), then());
    expect(told(gates)).toEqual(["pass", "pass", "fail", "fail", "fail", "fail"]);
  });

  it("is told from runs of different lengths", () => {
    const more: Contestants = { client: rounds(10, 1, 40), keepalive: rounds(6.5, 2, 40) };
    expect(told(verdicts(plan, RELATIVE, more, then()))).toEqual(["fail", "fail"]);
  });

  it("of another speed is incomparable in milliseconds only", () => {
    const circumstances: Circumstances = {
      ...FREE,
      incomparable: (name) => (name.endsWith("@baseline") ? "another speed" : null),
    };
    const gates = verdicts(plan, ABSOLUTE, now(1), then(), { circumstances });
    expect(told(gates)).toEqual(["pass", "pass", ...Array<string>(4).fill("inconclusive")]);
    expect(gates[2]?.reason).toBe("another speed");
    // A difference in milliseconds may be the host's, so it does not fail either.
    const slower = verdicts(plan, ABSOLUTE, now(1, 3), then(), { circumstances });
    expect(told(slower)).toEqual(told(gates));
  });

  it("never passes on a baseline that the instrument limited, or of which operations failed", () => {
    const limited: Circumstances = {
      ...FREE,
      limits: (name) => (name === savedName("client") ? ["it was busy"] : []),
    };
    const gates = verdicts(plan, RELATIVE, now(1), then(), { circumstances: limited });
    expect(told(gates)).toEqual(["inconclusive", "inconclusive"]);
    const spotty = then();
    const failed = (spotty[savedName("keepalive")] ?? []).map((round) => ({ ...round, failed: 5 }));
    expect(told(verdicts(plan, RELATIVE, now(1), { ...spotty, [savedName("keepalive")]: failed }))).toEqual([
      "inconclusive",
      "inconclusive",
    ]);
  });
});
