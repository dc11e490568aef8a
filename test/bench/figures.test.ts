import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FigureBook, leastForInterval, type Measured } from "../../src/bench/figures.js";
import { METRIC_NAMES } from "../../src/bench/metrics.js";
import type { Round } from "../../src/bench/round.js";
import { seededRandom } from "../../src/core/random.js";
import { PERCENTILES, type Percentile } from "../../src/stats/summary.js";
import { luckyRound, roundFrom } from "./synthetic.js";

const book = (...runs: Measured[][]): FigureBook => new FigureBook(runs, seededRandom(1), 200);
const single = (rounds: Round[]): FigureBook => book([{ name: "pool", rounds }]);
const numbers = (count: number, from = 1): number[] => Array.from({ length: count }, (_, at) => from + at);

/** The nearest-rank percentile, by its definition. */
function nearestRank(values: readonly number[], percent: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.ceil((percent / 100) * sorted.length - 1e-9)) - 1];
}

describe("a percentile of a run", () => {
  it("is that of all its operations together, whatever round they were in", () => {
    const rounds = fc.array(fc.array(fc.integer({ min: 1, max: 500 }), { maxLength: 60 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(rounds, fc.constantFrom<Percentile>("p50", "p75", "p90", "p95", "p99"), (values, name) => {
        const pooled = values.flat();
        const { value } = single(values.map((one) => roundFrom(one))).figure("pool", `latency_ms.${name}`);
        const least = Math.ceil(1 / (1 - PERCENTILES[name] / 100) - 1e-9);
        expect(value).toBe(pooled.length < least ? null : nearestRank(pooled, PERCENTILES[name]));
      }),
    );
  });

  it("of a round alone is that round's", () => {
    const rounds = [numbers(10), numbers(10, 100), []].map((one) => roundFrom(one));
    expect(single(rounds).perRound("pool", "latency_ms.p50")).toEqual([5, 104, null]);
  });

  it("is known for each family of its own", () => {
    const rounds = [roundFrom(numbers(20, 100), { service: numbers(20), overhead: numbers(20, 1_000) })];
    const of = single(rounds);
    expect(of.figure("pool", "latency_ms.p50").value).toBe(109);
    expect(of.figure("pool", "service_latency_ms.p50").value).toBe(10);
    expect(of.figure("pool", "connection_overhead_ms.p50").value).toBe(1_009);
    expect(of.figure("pool", "latency_ms.mean").value).toBe(109.5);
  });

  it("has no value where the connection cannot be seen", () => {
    const of = single(Array.from({ length: 5 }, () => roundFrom(numbers(20))));
    const figure = of.figure("pool", "connection_overhead_ms.p50");
    expect(figure.value).toBeNull();
    expect(figure.resampled.every((one) => one === null)).toBe(true);
  });

  it.each([
    ["p50", 10],
    ["p75", 20],
    ["p90", 50],
    ["p95", 100],
    ["p99", 500],
    ["p999", 5_000],
  ] as const)("%s has an interval from %i operations on", (name, least) => {
    expect(leastForInterval(name)).toBe(least);
    const resampled = (count: number): number => {
      const rounds = Array.from({ length: 5 }, () => roundFrom(numbers(count / 5)));
      return single(rounds).figure("pool", `latency_ms.${name}`).resampled.length;
    };
    expect(resampled(least)).toBe(200);
    expect(resampled(least - 5)).toBe(0);
  });
});

describe("plain figures", () => {
  const rounds = [
    roundFrom(numbers(30), { failed: 10, elapsed: 500 }),
    roundFrom(numbers(60), { failed: 0, elapsed: 1_500 }),
  ];

  it("are of all rounds together", () => {
    expect(single(rounds).figure("pool", "throughput_per_second").value).toBe(45);
    expect(single(rounds).figure("pool", "error_rate").value).toBe(10);
  });

  it("are each round's own", () => {
    expect(single(rounds).perRound("pool", "throughput_per_second")).toEqual([60, 40]);
    expect(single(rounds).perRound("pool", "error_rate")).toEqual([25, 0]);
  });

  it("are not there where nothing was done, or took no time", () => {
    const empty = single([roundFrom([], { elapsed: 0 })]);
    expect(empty.figure("pool", "throughput_per_second").value).toBeNull();
    expect(empty.figure("pool", "error_rate").value).toBeNull();
    expect(single([roundFrom([1], { elapsed: 0 })]).figure("pool", "throughput_per_second").value).toBeNull();
  });

  it("tell of a contestant of which all failed", () => {
    const of = single(Array.from({ length: 6 }, () => roundFrom([], { failed: 7 })));
    expect(of.figure("pool", "error_rate").value).toBe(100);
    expect(of.figure("pool", "latency_ms.p50").value).toBeNull();
    expect([of.operations("pool"), of.failed("pool")]).toEqual([0, 42]);
  });
});

describe("contestants of one run", () => {
  it("are resampled together: what all share is in no ratio", () => {
    const random = seededRandom(3);
    const luck = Array.from({ length: 8 }, () => 1 + random());
    const of = book([
      { name: "client", rounds: luck.map((factor) => roundFrom(numbers(20).map((ms) => ms * factor))) },
      { name: "pool", rounds: luck.map((factor) => roundFrom(numbers(20).map((ms) => 2 * ms * factor))) },
    ]);
    const [one, other] = [of.figure("client", "latency_ms.mean"), of.figure("pool", "latency_ms.mean")];
    expect(new Set(one.resampled.map((value) => value?.toFixed(6))).size).toBeGreaterThan(50);
    one.resampled.forEach((value, at) => expect((other.resampled[at] ?? 0) / (value ?? 1)).toBeCloseTo(2, 9));
  });

  it("are resampled in the rounds that all of them have", () => {
    const round = roundFrom(numbers(20));
    const of = book([
      { name: "client", rounds: [round, round, round, round, round] },
      { name: "pool", rounds: [round, round, round, round] },
    ]);
    expect([
      of.figure("client", "latency_ms.p50").rounds,
      of.perRound("client", "latency_ms.p50").length,
    ]).toEqual([4, 4]);
    // The operations of a round that cannot be paired were measured all the same.
    expect(of.operations("client")).toBe(100);
  });
});

describe("contestants of two runs", () => {
  it("are resampled apart, each from its own rounds", () => {
    const random = seededRandom(5);
    const rounds = Array.from({ length: 8 }, () =>
      luckyRound(1, { between: 0.2, within: 0.1, operations: 20 }, random),
    );
    const of = book([{ name: "pool", rounds }], [{ name: "pool@baseline", rounds: rounds.slice(0, 5) }]);
    const [now, then] = [of.figure("pool", "latency_ms.p50"), of.figure("pool@baseline", "latency_ms.p50")];
    expect([now.rounds, then.rounds]).toEqual([8, 5]);
    expect(now.resampled).not.toEqual(then.resampled);
  });
});

describe("a book", () => {
  it.each([0, 1, 3])("of %i rounds has values as far as there are any, and no intervals", (count) => {
    const of = single(Array.from({ length: count }, () => roundFrom(numbers(200))));
    for (const metric of METRIC_NAMES) expect(of.figure("pool", metric).resampled).toEqual([]);
    expect(of.figure("pool", "latency_ms.p50").value).toBe(count === 0 ? null : 100);
    expect(of.figure("pool", "latency_ms.p50").rounds).toBe(count);
  });

  it("knows nothing of those who did not run", () => {
    const of = book([]);
    expect(of.figure("nobody", "latency_ms.p50")).toEqual({ value: null, resampled: [], rounds: 0 });
    expect([of.operations("nobody"), of.failed("nobody"), of.perRound("nobody", "error_rate")]).toEqual([
      0,
      0,
      [],
    ]);
  });

  it("gives the same figures for the same seed", () => {
    const rounds = Array.from({ length: 6 }, (_, at) => roundFrom(numbers(20, at)));
    const draw = (seed: number) =>
      new FigureBook([[{ name: "pool", rounds }]], seededRandom(seed), 50).figure("pool", "latency_ms.mean");
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1).resampled).not.toEqual(draw(2).resampled);
  });
});
