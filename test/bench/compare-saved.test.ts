import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSaved } from "../../src/bench/compare-saved.js";
import type { Change, CompareResult } from "../../src/bench/compare-saved/result.js";
import type { BenchResult } from "../../src/bench/result.js";
import { openLoop, withStrategies } from "../support/bench-results.js";
import { parseJson } from "../support/schemas.js";
import { savedResult, type Rounds } from "../support/saved-results.js";

const MEDIANS = { keepalive: [0.17, 0.002] } as const;
const saved = (given: Rounds = {}): BenchResult => savedResult(MEDIANS, given);

function compared(base: BenchResult, ...heads: BenchResult[]): CompareResult {
  const named = heads.map((result, at) => ({ file: `head-${at}.json`, result }));
  const result = compareSaved({ file: "base.json", result: base }, named);
  parseJson(JSON.stringify(result), "compare-result");
  return result;
}

function changesOf(base: BenchResult, head: BenchResult): readonly Change[] {
  return compared(base, head).heads[0]?.changes ?? [];
}

function changeOf(base: BenchResult, head: BenchResult, metric: Change["metric"]): Change {
  const found = changesOf(base, head).find((one) => one.contestant === "keepalive" && one.metric === metric);
  if (found === undefined) throw new Error(`nothing of ${metric}`);
  return found;
}

const base = saved();

describe("a comparison of saved results", () => {
  it("finds no difference between a result and itself", () => {
    for (const { metric, change_percent: change, rank_test_p: p, verdict } of changesOf(base, base)) {
      expect([metric, verdict]).toEqual([metric, "unclear"]);
      if (change !== null) expect([metric, change, p]).toEqual([metric, 0, 1]);
    }
  });

  it("finds no difference of latency between results that differ by their noise", () => {
    for (const seed of [2, 3]) {
      const one = changeOf(base, saved({ seed }), "latency_ms.p50");
      expect([seed, one.verdict, one.reason]).toEqual([seed, "unclear", null]);
    }
  });

  it("finds what is 20 % slower worse, and what is faster better", () => {
    const slower = saved({ seed: 2, scale: 1.2 });
    const latency = changeOf(base, slower, "latency_ms.p50");
    expect(latency).toMatchObject({ verdict: "worse", reason: null });
    expect(latency.change_percent_interval_95?.low).toBeGreaterThan(5);
    expect(latency.change_percent_interval_95?.high).toBeLessThan(40);
    expect(latency.rank_test_p).toBeLessThan(0.01);
    const throughput = changeOf(base, slower, "throughput_per_second");
    expect(throughput.verdict).toBe("worse");
    expect(throughput.change_percent).toBeLessThan(0);
    expect(changeOf(slower, base, "latency_ms.p50").verdict).toBe("better");
    expect(changeOf(slower, base, "throughput_per_second").verdict).toBe("better");
  });

  it("says nothing of a difference below 1 %, however certain", () => {
    const one = changeOf(saved({ spread: 1 }), saved({ spread: 1, scale: 1.008 }), "throughput_per_second");
    expect(one.change_percent).toBeCloseTo(-0.794, 2);
    expect(one.verdict).toBe("unclear");
  });

  it("is turned around when its results are, whatever they are", () => {
    const rounds = fc.record({
      scale: fc.double({ min: 0.5, max: 2, noNaN: true }),
      spread: fc.double({ min: 1, max: 1.3, noNaN: true }),
      rounds: fc.integer({ min: 4, max: 8 }),
      seed: fc.nat({ max: 1_000 }),
    });
    fc.assert(
      fc.property(rounds, rounds, (one, other) => {
        const [there, back] = [saved(one), saved(other)];
        const forth = changesOf(there, back);
        for (const [at, reverse] of changesOf(back, there).entries()) {
          const forward = forth[at];
          expect(forward?.metric).toBe(reverse.metric);
          expect(forward?.base_value).toBe(reverse.head_value);
          expect(forward?.rank_test_p).toBe(reverse.rank_test_p);
          expect(ratioOf(forward?.change_percent) * ratioOf(reverse.change_percent)).toBeCloseTo(1, 9);
          expect([forward?.verdict, reverse.verdict].toSorted()).not.toEqual(["better", "better"]);
          expect([forward?.verdict, reverse.verdict].toSorted()).not.toEqual(["worse", "worse"]);
        }
      }),
      { numRuns: 5 },
    );
  });

  it("is the same every time", () => {
    const head = saved({ seed: 2, scale: 1.05 });
    expect(compared(base, head)).toEqual(compared(base, head));
  });

  it("says why a figure has no verdict", () => {
    const hidden = savedResult({ client: [0.2, null] });
    const reasons = changesOf(hidden, hidden).map(({ metric, reason }) => [metric, reason]);
    expect(reasons).toContainEqual(["connection_overhead_ms.p50", "it was not measured in one of the two"]);
    expect(reasons).toContainEqual(["latency_ms.p50", null]);
    expect(reasons).toContainEqual([
      "latency_ms.p999",
      "an interval of it takes 5000 operations of each, there were 1000",
    ]);
    expect(changeOf(base, saved({ rounds: 3 }), "latency_ms.p50")).toMatchObject({
      base_interval_95: { low: expect.any(Number) as number },
      head_interval_95: null,
      change_percent: expect.any(Number) as number,
      change_percent_interval_95: null,
      verdict: "unclear",
      reason: "an interval takes 4 rounds of each, there were 3",
    });
    expect(changeOf(saved({ rounds: 0 }), base, "latency_ms.p50").reason).toBe(
      "no operation succeeded in one of the two",
    );
  });

  it("finds no difference between nothing and nothing, and cannot tell of something instead of nothing", () => {
    const none = savedResult({ keepalive: [0.17, 0] });
    expect(changeOf(none, none, "connection_overhead_ms.p50")).toMatchObject({
      base_value: 0,
      change_percent: 0,
      verdict: "unclear",
      reason: null,
    });
    expect(changeOf(none, base, "connection_overhead_ms.p50")).toMatchObject({
      change_percent: null,
      verdict: "unclear",
      reason: "the base's figure is 0",
    });
    expect(changeOf(base, none, "connection_overhead_ms.p50")).toMatchObject({
      change_percent: -100,
      verdict: "better",
    });
  });

  it("is of contestants that are in both, and of throughput where callers go as fast as they can", () => {
    const twins = savedResult({ ...MEDIANS, "keepalive@again": [0.17, 0.002] });
    const names = new Set(changesOf(twins, base).map(({ contestant }) => contestant));
    expect([...names]).toEqual(["keepalive"]);
    const metrics = changesOf(openLoop(base), openLoop(base)).map(({ metric }) => metric);
    expect(metrics).not.toContain("throughput_per_second");
  });
});

describe("results of different plans are not compared", () => {
  it("and the first difference is named", () => {
    const other = { ...base, plan: { ...base.plan, concurrency: 1 } };
    expect(() => compared(base, base, other)).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        message:
          "head-1.json: it was measured by another plan than base.json: concurrency 4 there, concurrency 1 here",
      }) as Error,
    );
  });
});

describe("a comparison warns", () => {
  const warnings = (head: BenchResult): readonly string[] => compared(base, head).heads[0]?.warnings ?? [];

  it("of nothing when all is alike", () => {
    expect([compared(base, base).base.warnings, warnings(base)]).toEqual([[], []]);
  });

  it("of another host, target, and speed", () => {
    const host = { ...base.host, cpu_model: "other", speed: base.host.speed / 2 };
    expect(warnings({ ...base, host, target: { ...base.target, tls: false } })).toEqual([
      "it was measured on another host: cpu model cpu in the base, cpu model other in the head",
      "it is of another target: TLS in the base, no TLS in the head",
      "its host ran at 50 % of the speed that it had for the base",
    ]);
    expect(warnings({ ...base, host: { ...base.host, speed: base.host.speed * 1.09 } })).toEqual([]);
    expect(warnings({ ...base, host: { ...base.host, speed: 0 } })).toHaveLength(1);
  });

  it("of runs that were cut short, limited by the load process, or failing", () => {
    const bad = withStrategies(
      { ...base, interrupted: true },
      {
        instrument_limited: true,
        instrument: { event_loop_utilization: 1, cpu: 1, host_cpu: 0.97, gc: 0, gc_max_ms: 0 },
        errors: 2,
        timeouts: 1,
      },
      "keepalive",
    );
    const expected = [
      "it was interrupted, and is of what was measured by then",
      "the load process was the limit for keepalive: that is no figure of the database",
      "all processors of its host were busy during keepalive: figures may include waiting for one",
      "keepalive: 3 of 1003 operations failed, and are in no figure",
    ];
    expect(warnings(bad)).toEqual(expected);
    expect(compared(bad, base).base.warnings).toEqual(expected);
  });
});

/** The head over the base; 1 where there is none to turn around. */
function ratioOf(change: number | null | undefined): number {
  return change == null ? 1 : 1 + change / 100;
}
