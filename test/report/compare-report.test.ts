import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";
import { describe, expect, it } from "vitest";
import type { Change, ComparedRun, CompareResult } from "../../src/bench/compare-saved/result.js";
import { compareReport } from "../../src/report/compare-report.js";
import { PLAIN, type Style } from "../../src/report/style.js";

/** A change by so many percent, told unless said otherwise. */
function change(given: Partial<Change> = {}): Change {
  const { base_value: before = 0.2, change_percent: percent = 20 } = given;
  const after = before === null || percent === null ? null : before * (1 + percent / 100);
  const around = (value: number | null, share: number): Change["base_interval_95"] =>
    value === null ? null : { low: value * (1 - share), high: value * (1 + share) };
  return {
    contestant: "keepalive",
    metric: "latency_ms.p50",
    base_value: before,
    base_interval_95: around(before, 0.03),
    head_value: after,
    head_interval_95: around(after, 0.014),
    change_percent: percent,
    change_percent_interval_95: percent === null ? null : { low: percent - 3, high: percent + 4 },
    rank_test_p: 0.001,
    verdict: percent !== null && percent > 0 ? "worse" : "better",
    reason: null,
    ...given,
  };
}

const run = {
  started_at: "2026-01-01T12:34:56.000Z",
  interrupted: false,
  instrument_limited: false,
  target: { url: "wss://db.example", transport: "ws", tls: true, embedded: false, network: null },
  warnings: [],
} as const;

function result(changes: readonly Change[], given: Partial<CompareResult> = {}): CompareResult {
  return {
    schema_version: 1,
    command: "compare",
    plan: {
      loop: "closed",
      rate_per_second: null,
      arrivals: null,
      gap_ms: null,
      concurrency: 4,
      operations: 1_000,
      duration_ms: null,
      rounds: 10,
    },
    base: { ...run, file: "before.json" },
    heads: [{ ...run, file: "after.json", changes }],
    ...given,
  };
}

const mixed = [
  change({
    metric: "connection_overhead_ms.p50",
    base_value: 0.0021,
    change_percent: 0.4,
    verdict: "unclear",
  }),
  change(),
  change({ metric: "latency_ms.p75" }),
  change({ metric: "latency_ms.p95", base_value: 0.4, change_percent: -12, verdict: "better" }),
  change({
    metric: "latency_ms.p99",
    base_value: 0.8,
    change_percent_interval_95: null,
    base_interval_95: null,
    head_interval_95: null,
    verdict: "unclear",
    reason: "an interval takes 4 rounds of each, there were 3",
  }),
  change({ metric: "throughput_per_second", base_value: 5_394, change_percent: -17, verdict: "worse" }),
];

describe("the report of a comparison", () => {
  it("has a row for each figure, its change, and what that is", () => {
    expect(compareReport(result(mixed), PLAIN, 80)).toMatchInlineSnapshot(`
      "closed loop · concurrency 4 · 1,000 operations of each strategy · 10 rounds
      base  before.json · 2026-01-01 12:34 UTC · wss://db.example

      head  after.json · 2026-01-01 12:34 UTC · wss://db.example

      strategy       metric           base           head                change
      keepalive connect P50 0.00210 ms ±3% 0.00211 ms ±1% +0.4% (-2.6 to +4.4%)      ~
      keepalive latency P50   0.200 ms ±3%   0.240 ms ±1%    +20% (+17 to +24%)  worse
      keepalive latency P95   0.400 ms ±3%   0.352 ms ±1%   -12% (-15 to -8.0%) better
      keepalive latency P99       0.800 ms       0.960 ms                  +20%      –
      keepalive  throughput    5,394/s ±3%    4,477/s ±1%    -17% (-20 to -13%)  worse

      after.json: 2 worse, 1 better, 1 can't be told, of 5 figures (more are in
      --json).

      ± and the ends in brackets are 95% intervals. ~ is no difference to speak of:
      less than 1%, or an interval with 0 in it, or rounds that overlap too much
      (Mann-Whitney p of 0.05 or more). Chance alone makes up to 1 in 20 differ.
      –: not measured, or too little to tell (--json gives the reasons).
      Runs apart in time differ also in what machine, network and database did
      meanwhile: bench --against measures two databases in turn, in one run."
    `);
  });

  it("says what has to be known of each result, and has a table for each head", () => {
    const head = (file: string, given: Partial<ComparedRun> = {}): ComparedRun => ({
      ...run,
      file,
      changes: [change({ change_percent: 0.4, verdict: "unclear" })],
      ...given,
    });
    const several = result([], {
      base: { ...run, file: "before.json", warnings: ["it was interrupted"] },
      heads: [
        head("one.json", { target: { ...run.target, embedded: true } }),
        head("two.json", { warnings: ["it was measured on another host: 2 cpus there, 4 cpus here"] }),
      ],
    });
    expect(compareReport(several, PLAIN, 80)).toMatchInlineSnapshot(`
      "closed loop · concurrency 4 · 1,000 operations of each strategy · 10 rounds
      base  before.json · 2026-01-01 12:34 UTC · wss://db.example
      Warning: it was interrupted.

      head  one.json · 2026-01-01 12:34 UTC · embedded server

      strategy        metric          base          head                 change
      keepalive  latency P50  0.200 ms ±3%  0.201 ms ±1%  +0.4% (-2.6 to +4.4%)  ~

      one.json: no difference to speak of, of 1 figures (more are in --json).

      head  two.json · 2026-01-01 12:34 UTC · wss://db.example
      Warning: it was measured on another host: 2 cpus there, 4 cpus here.

      strategy        metric          base          head                 change
      keepalive  latency P50  0.200 ms ±3%  0.201 ms ±1%  +0.4% (-2.6 to +4.4%)  ~

      two.json: no difference to speak of, of 1 figures (more are in --json).

      ± and the ends in brackets are 95% intervals. ~ is no difference to speak of:
      less than 1%, or an interval with 0 in it, or rounds that overlap too much
      (Mann-Whitney p of 0.05 or more). Chance alone makes up to 1 in 20 differ.
      Runs apart in time differ also in what machine, network and database did
      meanwhile: bench --against measures two databases in turn, in one run."
    `);
  });

  it("has no row for what neither measured", () => {
    const hidden = change({ metric: "connection_overhead_ms.p50", base_value: null, verdict: "unclear" });
    expect(compareReport(result([hidden, change()]), PLAIN, 80)).not.toContain("connect P50");
  });

  it.each([
    [{ loop: "open", rate_per_second: 200 } as const, /^open loop at 200\/s · /],
    [{ loop: "gap", gap_ms: 5_000 } as const, /^a gap of 5 s before each operation · /],
    [
      { operations: null, duration_ms: 10_000, rounds: 1 },
      /^closed loop .* 10 s of each strategy · 1 round$/m,
    ],
  ])("says what was run: %j", (plan, words) => {
    const other = result(mixed);
    expect(compareReport({ ...other, plan: { ...other.plan, ...plan } }, PLAIN, 80)).toMatch(words);
  });

  it("is coloured by its verdicts", () => {
    const tagged: Style = {
      ...PLAIN,
      green: (text) => `<green>${text}</green>`,
      red: (text) => `<red>${text}</red>`,
    };
    const text = compareReport(result(mixed), tagged, 200);
    expect(text).toMatch(/<red>worse<\/red>$/m);
    expect(text).toMatch(/<green>better<\/green>$/m);
    expect(text).toContain("after.json: <red>2 worse</red>, <green>1 better</green>, 1 can't be told");
  });

  const large = ["unpooled@again", "keepalive@base"].flatMap((contestant) =>
    mixed.map((one) => ({
      ...one,
      contestant,
      base_value: (one.base_value ?? 0) * 1e5,
      head_value: (one.head_value ?? 0) * 1e6,
      change_percent: 12_345,
      change_percent_interval_95: { low: -99.994, high: 123_456 },
    })),
  );

  it.each([
    ["usual figures", mixed],
    ["large figures of long names", large],
  ])("has no line over 80 columns, with %s, in colour as without", (_, changes) => {
    const plain = compareReport(result(changes), PLAIN, 80);
    expect(plain.split("\n").filter((line) => line.length > 80)).toEqual([]);
    const coloured = compareReport(result(changes), new Chalk({ level: 1 }), 80);
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });
});
