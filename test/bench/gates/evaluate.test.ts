import { describe, expect, it } from "vitest";
import { FigureBook } from "../../../src/bench/figures.js";
import { claimOf } from "../../../src/bench/gates/claim.js";
import { evaluate, overall, type Circumstances } from "../../../src/bench/gates/evaluate.js";
import { parseThreshold } from "../../../src/bench/gates/parse-threshold.js";
import type { GateResult, Verdict } from "../../../src/bench/result.js";
import type { Round } from "../../../src/bench/round.js";
import { seededRandom } from "../../../src/core/random.js";
import { gate } from "../../support/bench-results.js";
import { luckyRound, roundFrom } from "../synthetic.js";

const FREE: Circumstances = { limits: () => [], incomparable: () => null, interrupted: false };
const SPREAD = { between: 0.03, within: 0.2, operations: 50 };

function rounds(median: number, { seed = 1, count = 10, failed = 0 } = {}): Round[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => ({ ...luckyRound(median, SPREAD, random), failed }));
}

/** The verdict on a threshold, of contestants with these rounds. */
function verdictOn(
  threshold: string,
  contestants: Record<string, Round[]>,
  { circumstances = FREE, alpha = 0.05 }: { circumstances?: Circumstances; alpha?: number } = {},
): GateResult {
  const run = Object.entries(contestants).map(([name, all]) => ({ name, rounds: all }));
  const book = new FigureBook([run], seededRandom(1), 1_000);
  return evaluate(claimOf(parseThreshold(threshold)), book, circumstances, alpha);
}

describe("a threshold", () => {
  const run = { client: rounds(10, { seed: 1 }), keepalive: rounds(5, { seed: 2 }) };

  it.each<[string, Verdict]>([
    ["keepalive.latency_ms.p50 < 6ms", "pass"],
    ["keepalive.latency_ms.p50 < 4ms", "fail"],
    ["keepalive.latency_ms.p50 > 4ms", "pass"],
    ["keepalive.latency_ms.p50 > 6ms", "fail"],
    ["keepalive.latency_ms.p95 < 1ns", "fail"],
    ["ratio(client, keepalive, latency_ms.p95) > 1", "pass"],
    ["ratio(client, keepalive, latency_ms.p50) > 3", "fail"],
    ["ratio(keepalive, client, latency_ms.p50) < 0.7x", "pass"],
    ["reduction(client, keepalive, latency_ms.p50) > 30%", "pass"],
    ["reduction(client, keepalive, latency_ms.p50) > 80%", "fail"],
    ["reduction(keepalive, client, latency_ms.p50) > -50%", "fail"],
    ["keepalive.throughput_per_second > 10/s", "pass"],
  ])("%s: %s", (threshold, verdict) => {
    const found = verdictOn(threshold, run);
    expect(found).toMatchObject({ threshold, verdict, reason: null, refused: false, confidence_percent: 95 });
    expect(found.interval?.low).toBeLessThanOrEqual(found.value ?? NaN);
    expect(found.interval?.high).toBeGreaterThanOrEqual(found.value ?? NaN);
  });

  it("whose limit lies within the interval is inconclusive", () => {
    const { value } = verdictOn("keepalive.latency_ms.p50 < 5ms", run);
    const found = verdictOn(`keepalive.latency_ms.p50 < ${value?.toFixed(3)}ms`, run);
    expect(found).toMatchObject({ verdict: "inconclusive", reason: "the limit lies within the interval" });
  });

  it("has a wider interval when it may look again", () => {
    const [once, again] = [0.05, 0.005].map((alpha) =>
      verdictOn("ratio(client, keepalive, latency_ms.p50) > 1", run, { alpha }),
    );
    expect(again?.interval?.low).toBeLessThan(once?.interval?.low ?? 0);
    expect(again?.interval?.high).toBeGreaterThan(once?.interval?.high ?? Infinity);
    expect(again?.confidence_percent).toBeCloseTo(99.5, 9);
  });

  it.each([
    ["keepalive.latency_ms.p999 < 10s", run, "an interval of it takes 5000 operations, there were 500"],
    [
      "keepalive.latency_ms.p99 < 10s",
      { keepalive: rounds(5, { count: 5 }) },
      "an interval of it takes 500 operations, there were 250",
    ],
    [
      "keepalive.latency_ms.p50 < 10s",
      { keepalive: rounds(5, { count: 3 }) },
      "an interval takes 6 rounds, there were 3",
    ],
    ["keepalive.latency_ms.p50 < 10s", { keepalive: [] }, "no operation succeeded"],
    [
      "keepalive.latency_ms.p50 < 10s",
      { keepalive: Array.from({ length: 8 }, () => roundFrom([], { failed: 9 })) },
      "no operation succeeded",
    ],
    [
      "ratio(client, keepalive, latency_ms.p50) > 1",
      { ...run, keepalive: Array.from({ length: 10 }, () => roundFrom([], { failed: 9 })) },
      "no operation succeeded",
    ],
  ])("that cannot be told says why: %s", (threshold, contestants, reason) => {
    expect(verdictOn(threshold, contestants)).toMatchObject({
      verdict: "inconclusive",
      interval: null,
      reason,
    });
  });

  it("on what is not measured says so", () => {
    const found = verdictOn("client.connection_overhead_ms.p50 < 1ms", run);
    expect(found).toMatchObject({ verdict: "inconclusive", value: null, interval: null });
    expect(found.reason).not.toBeNull();
  });
});

describe("a verdict that the circumstances spoil", () => {
  const limited: Circumstances = {
    ...FREE,
    limits: (name) => (name === "client" ? ["its event loop was busy 99 % of the time"] : []),
  };
  const run = { client: rounds(10, { seed: 1 }), keepalive: rounds(5, { seed: 2 }) };

  it.each([
    ["client.latency_ms.p50 < 1s"],
    ["ratio(client, keepalive, latency_ms.p50) > 1"],
    ["reduction(keepalive, client, latency_ms.p50) > -500%"],
  ])("never passes when the instrument was the limit: %s", (threshold) => {
    expect(verdictOn(threshold, run).verdict).toBe("pass");
    expect(verdictOn(threshold, run, { circumstances: limited })).toMatchObject({
      verdict: "inconclusive",
      reason: "the load process was the limit for client: its event loop was busy 99 % of the time",
    });
  });

  it("fails all the same when the instrument was the limit, and passes when it was for others", () => {
    const of = (threshold: string): GateResult => verdictOn(threshold, run, { circumstances: limited });
    expect(of("client.latency_ms.p50 < 1ms").verdict).toBe("fail");
    expect(of("keepalive.latency_ms.p50 < 1s")).toMatchObject({ verdict: "pass", reason: null });
  });

  it("never passes when more than 1 % of the operations failed", () => {
    const failing = (failed: number): GateResult =>
      verdictOn("keepalive.latency_ms.p50 < 1s", { keepalive: rounds(5, { failed }) });
    expect(failing(0).verdict).toBe("pass");
    expect(failing(1)).toMatchObject({
      verdict: "inconclusive",
      reason: "10 of 510 operations of keepalive failed, and a failure has no latency",
    });
    const few = rounds(5).map((round, at) => ({ ...round, failed: at === 0 ? 5 : 0 }));
    expect(verdictOn("keepalive.latency_ms.p50 < 1s", { keepalive: few }).verdict).toBe("pass");
  });

  it("never passes when more than 1 % of either side's operations failed", () => {
    const found = verdictOn("ratio(client, keepalive, latency_ms.p50) > 1", {
      client: rounds(10, { seed: 1, failed: 5 }),
      keepalive: rounds(5, { seed: 2 }),
    });
    expect(found).toMatchObject({ verdict: "inconclusive" });
    expect(found.reason).toMatch(/operations of client failed/);
  });
});

describe("a threshold on failures", () => {
  const failing = (perRound: (at: number) => number, operations = 50): Round[] =>
    Array.from({ length: 10 }, (_, at) => roundFrom(Array(operations).fill(1), { failed: perRound(at) }));

  it("of which there were none is exact: what none in so many operations can be", () => {
    const found = verdictOn("keepalive.error_rate < 1%", { keepalive: failing(() => 0) });
    expect(found.value).toBe(0);
    expect(found.interval?.low).toBe(0);
    // Clopper & Pearson for 0 of 500: 1 - 0.025^(1/500).
    expect(found.interval?.high).toBeCloseTo(0.735, 3);
    expect(found.verdict).toBe("pass");
  });

  it("cannot be passed by few operations, even if all of them succeed", () => {
    const found = verdictOn("keepalive.error_rate < 1%", { keepalive: failing(() => 0, 10) });
    expect(found.verdict).toBe("inconclusive");
    expect(found.interval?.high).toBeCloseTo(3.62, 2);
  });

  it.each<[string, (at: number) => number, Verdict]>([
    ["keepalive.error_rate < 1%", () => 50, "fail"],
    ["keepalive.error_rate < 5%", (at) => at % 2, "pass"],
    ["keepalive.error_rate < 0.5%", (at) => 5 + (at % 3), "fail"],
  ])("is told by its rounds: %s", (threshold, perRound, verdict) => {
    expect(verdictOn(threshold, { keepalive: failing(perRound) }).verdict).toBe(verdict);
  });

  it("fails where every operation does", () => {
    const found = verdictOn("keepalive.error_rate < 1%", { keepalive: failing(() => 5, 0) });
    expect(found.value).toBe(100);
    expect(found.verdict).toBe("fail");
  });
});

describe("all gates together", () => {
  const of = (...verdicts: Verdict[]): Verdict | null =>
    overall(verdicts.map((verdict) => gate({ verdict })));

  it("pass when all pass, fail when one fails, and else cannot tell", () => {
    expect(of()).toBeNull();
    expect(of("pass", "pass")).toBe("pass");
    expect(of("pass", "inconclusive")).toBe("inconclusive");
    expect(of("inconclusive", "fail", "pass")).toBe("fail");
  });
});
