import { describe, expect, it } from "vitest";
import type { Contestant } from "../../../src/bench/contestant.js";
import { Gatekeeper, type GatePlan } from "../../../src/bench/gates/gate-plan.js";
import { parseThreshold } from "../../../src/bench/gates/parse-threshold.js";
import { Recorder } from "../../../src/bench/recorder.js";
import type { BenchResult } from "../../../src/bench/result.js";
import type { Look } from "../../../src/bench/rounds.js";
import { resultOf, withStrategies } from "../../support/bench-results.js";
import { seededRandom } from "../../../src/core/random.js";
import { normal } from "../../stats/simulation.js";
import { PLAN } from "../synthetic.js";

const FIRST: Look = { number: 1, isLast: false, extension: 4, hostSpeed: 5 };
const LAST: Look = { number: 1, isLast: true, extension: 1, hostSpeed: 5 };
const NONE: GatePlan = { thresholds: [], maxRegression: null, baseline: null, absolute: "no" };

const by = (...thresholds: string[]): GatePlan => ({
  ...NONE,
  thresholds: thresholds.map((text) => parseThreshold(text)),
});

interface Made {
  readonly median?: number;
  readonly rounds?: number;
  readonly operations?: number;
  readonly failed?: number;
  readonly busy?: number;
}

/** A contestant that has measured log-normal latencies about a median, as far as a gatekeeper looks at it. */
function contestant(
  name: string,
  { median = 5, rounds = 10, operations = 40, failed = 0, busy = 0.3 }: Made = {},
) {
  const random = seededRandom(name.length);
  const measured = new Recorder();
  for (let round = 0; round < rounds; round++) {
    for (let at = 0; at < operations; at++) {
      const doneAt = median * Math.exp(0.2 * normal(random));
      measured.succeeded({ overhead: null, doneAt }, { startedAt: 0, scheduledAt: 0 });
    }
    for (let at = 0; at < failed; at++) measured.failed(new Error("no"));
    measured.endRound(1_000);
  }
  const reading = { eventLoopUtilization: busy, cpu: 0.5, hostCpu: 0.5, gc: 0, longestGc: 0 };
  return { name, measured, instrument: { reading: () => reading } } as unknown as Contestant;
}

const told = (gates: GatePlan, look: Look, contestants: Contestant[], plan = PLAN): string[] =>
  new Gatekeeper(plan, gates).judge(look, contestants).map(({ verdict }) => verdict);

describe("a gatekeeper", () => {
  const both = [contestant("client", { median: 10 }), contestant("keepalive")];

  it("without gates has no verdicts and wants no more", () => {
    expect(told(NONE, LAST, both)).toEqual([]);
    expect(new Gatekeeper(PLAN, NONE).wantsMore(FIRST, both)).toBe(false);
  });

  it("judges all claims, in their order", () => {
    const gates = by("keepalive.latency_ms.p50 < 10ms", "ratio(client, keepalive, latency_ms.p50) > 5");
    expect(told(gates, LAST, both)).toEqual(["pass", "fail"]);
    expect(told({ ...gates, maxRegression: 10 }, LAST, both)).toHaveLength(2);
  });

  it("is as sure as its look may be", () => {
    const [gate] = new Gatekeeper(PLAN, by("keepalive.latency_ms.p50 < 10ms")).judge(FIRST, both);
    expect(gate?.confidence_percent).toBeCloseTo(97.5, 9);
  });

  it("says the same when it is asked again", () => {
    const keeper = new Gatekeeper(PLAN, by("keepalive.latency_ms.p50 < 5ms"));
    expect(keeper.judge(LAST, both)).toEqual(keeper.judge(LAST, both));
  });

  it("passes nothing that the instrument limited", () => {
    const busy = [contestant("keepalive", { busy: 0.99 })];
    expect(told(by("keepalive.latency_ms.p50 < 10ms"), LAST, busy)).toEqual(["inconclusive"]);
    expect(told(by("keepalive.latency_ms.p50 < 1ns"), LAST, busy)).toEqual(["fail"]);
  });
});

describe("more rounds are wanted", () => {
  const wants = (threshold: string, made: Made): boolean =>
    new Gatekeeper(PLAN, by(threshold)).wantsMore(FIRST, [contestant("keepalive", made)]);

  it.each<[string, Made, boolean]>([
    ["keepalive.latency_ms.p50 < 10ms", {}, false],
    ["keepalive.latency_ms.p50 < 1ms", {}, false],
    ["keepalive.latency_ms.p50 < 5ms", {}, true],
    ["keepalive.latency_ms.p50 < 10ms", { rounds: 3 }, true],
    ["keepalive.latency_ms.p999 < 100ms", {}, true],
    ["keepalive.error_rate < 0.5%", {}, true],
  ])("while a gate cannot tell: %s of %j: %s", (threshold, made, expected) => {
    expect(wants(threshold, made)).toBe(expected);
  });

  it.each<[string, Made]>([
    ["keepalive.connection_overhead_ms.p50 < 1ms", {}],
    ["keepalive.latency_ms.p50 < 10ms", { operations: 0, failed: 10 }],
  ])("but not where no number of them would tell: %s of %j", (threshold, made) => {
    expect(wants(threshold, made)).toBe(false);
  });
});

describe("a saved result", () => {
  const plan = { ...PLAN, strategies: ["client", "keepalive"] as const };
  const baseline = resultOf({ client: [10, null], keepalive: [5, null] });
  const regression = (saved: BenchResult, absolute: GatePlan["absolute"]): GatePlan => ({
    ...NONE,
    maxRegression: 50,
    baseline: saved,
    absolute,
  });
  const now = [
    contestant("client", { median: 10, operations: 100 }),
    contestant("keepalive", { operations: 100 }),
  ];
  const slow = { ...baseline, host: { ...baseline.host, speed: 4 } };

  it("is compared by ratios, and in milliseconds where they mean the same", () => {
    expect(told(regression(baseline, "no"), LAST, now, plan)[0]).toBe("pass");
    expect(told(regression(baseline, "no"), LAST, now, plan)).toHaveLength(2 + 2);
    expect(told(regression(baseline, "same host and target"), LAST, now, plan)).toHaveLength(6 + 2);
  });

  it("is not compared in milliseconds when the host ran at another speed, unless somebody says so", () => {
    const [ratio, , ...absolute] = told(regression(slow, "same host and target"), LAST, now, plan);
    expect(ratio).toBe("pass");
    expect(absolute).toEqual([...Array<string>(4).fill("inconclusive"), "pass", "pass"]);
    expect(told(regression(slow, "wanted"), LAST, now, plan)[2]).toBe("pass");
  });

  it("that the instrument limited passes nothing", () => {
    const limited = withStrategies(baseline, { instrument_limits: ["it was busy"] }, "client");
    const gates = new Gatekeeper(plan, regression(limited, "no")).judge(LAST, now);
    expect(gates[0]).toMatchObject({
      verdict: "inconclusive",
      reason: "the load process was the limit for client@baseline: it was busy",
    });
  });
});

describe("a run that calibrates", () => {
  const plan = { ...PLAN, calibrate: true };
  const all = (rounds: number): Contestant[] => [
    contestant("client", { median: 10, rounds }),
    contestant("client@again", { median: 10, rounds }),
    contestant("keepalive", { rounds }),
    contestant("keepalive@again", { rounds }),
  ];
  const judge = (threshold: string, look: Look, rounds = 10) =>
    new Gatekeeper(plan, by(threshold)).judge(look, all(rounds))[0];

  it("refuses a gate on less than its noise, with the operations that it would take", () => {
    const gate = judge("ratio(client, keepalive, latency_ms.p95) > 1.001", LAST);
    expect(gate).toMatchObject({ verdict: "inconclusive", refused: true });
    const [, needed = ""] = /takes about ([\d,]+) operations/.exec(gate?.reason ?? "") ?? [];
    expect(Number(needed.replaceAll(",", ""))).toBeGreaterThan(400);
  });

  it("refuses nothing that it can tell, nor what makes no claim of a size", () => {
    expect(judge("ratio(client, keepalive, latency_ms.p50) > 1.5", LAST)).toMatchObject({
      verdict: "pass",
      refused: false,
    });
    expect(judge("ratio(client, keepalive, latency_ms.p50) > 1", LAST)).toMatchObject({
      verdict: "pass",
      refused: false,
    });
    expect(judge("keepalive.latency_ms.p50 < 10ms", LAST)).toMatchObject({ verdict: "pass", refused: false });
  });

  it("with too few rounds to know its noise goes on while it may, and then refuses", () => {
    const threshold = "ratio(client, keepalive, latency_ms.p50) > 1.5";
    expect(judge(threshold, FIRST, 3)).toMatchObject({ verdict: "inconclusive", refused: false });
    expect(new Gatekeeper(plan, by(threshold)).wantsMore(FIRST, all(3))).toBe(true);
    expect(judge(threshold, LAST, 3)).toMatchObject({ verdict: "inconclusive", refused: true });
  });
});
