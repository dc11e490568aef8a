import { describe, expect, it } from "vitest";
import { makeResult, type About } from "../../src/bench/make-result.js";
import type { BenchPlan } from "../../src/bench/plan.js";
import type { BenchResult } from "../../src/bench/result.js";
import { parseTarget } from "../../src/libsql/target.js";
import { json } from "../../src/report/outputs/json.js";
import { parseJson } from "../support/schemas.js";
import { operations, runRounds, type RunOptions } from "./fake-rounds.js";
import { PLAN } from "./synthetic.js";

const SHOWN = { url: ":memory:", transport: "memory", tls: false, embedded: false, network: null } as const;
const ABOUT: About = {
  targets: { head: parseTarget(":memory:", undefined) },
  head: SHOWN,
  base: null,
  host: { node: "v20", platform: "linux", arch: "x64", cpus: 2, cpu_model: "cpu", memory_bytes: 1 },
  startedAt: new Date(0),
  gates: [],
};

/** The result of a run with made-up strategies. */
async function resultOf(given: Partial<BenchPlan>, options: RunOptions = {}): Promise<BenchResult> {
  const plan = { ...PLAN, ...given };
  const { contestants, look } = await runRounds(plan, options);
  const run = {
    contestants,
    look,
    floor: 0.5,
    preflightSockets: 1,
    loopDelay: { p50: 0, p99: 0, max: 0 },
    hostSpeed: 5,
    interrupted: options.stop?.signal.aborted ?? false,
  };
  return makeResult(plan, run, { ...ABOUT, base: plan.against ? SHOWN : null });
}

const fail = (): Promise<never> => Promise.reject(new Error("no such table: items"));
const OPEN: BenchPlan["load"] = { kind: "open", perSecond: 2_000, arrivals: "poisson" };

/** An interrupt at the nth operation of a strategy. */
function interruptedAt(nth: number): RunOptions {
  const stop = new AbortController();
  return { stop, work: async (_, call) => (call === nth ? stop.abort() : undefined) };
}

describe("a result has the documented shape, and is in JSON what it is here:", () => {
  it.each<[string, Partial<BenchPlan>, RunOptions]>([
    ["a closed loop", { length: operations(60), rounds: 6 }, {}],
    ["an open loop", { load: OPEN, length: operations(60), rounds: 6 }, {}],
    ["gaps", { load: { kind: "gap", gap: 1 }, length: operations(12), rounds: 6 }, {}],
    ["one round", { length: operations(3), rounds: 1 }, {}],
    ["three rounds", { length: operations(3), rounds: 3 }, {}],
    [
      "a strategy against itself",
      { strategies: ["client"], calibrate: true, length: operations(40), rounds: 5 },
      {},
    ],
    ["a strategy against itself, in one round", { strategies: ["client"], calibrate: true, rounds: 1 }, {}],
    ["a second database", { against: true, length: operations(40), rounds: 5 }, {}],
    [
      "a second database that fails",
      { against: true, rounds: 5 },
      { work: (name) => (name.endsWith("@base") ? fail() : Promise.resolve()) },
    ],
    ["nothing but failures", { length: operations(40), rounds: 5, calibrate: true }, { work: fail }],
    ["nothing but failures at a rate", { load: OPEN, length: operations(40), rounds: 5 }, { work: fail }],
    [
      "nothing but failures after gaps",
      { load: { kind: "gap", gap: 1 }, length: operations(4), rounds: 4 },
      { work: fail },
    ],
    [
      "a rate so low that nothing came",
      {
        load: { ...OPEN, perSecond: 0.01 },
        length: { kind: "duration", duration: 40 },
        rounds: 5,
        calibrate: true,
      },
      {},
    ],
    ["an interrupt in the first round", { length: operations(40), rounds: 5 }, interruptedAt(2)],
    ["an interrupt between twins", { length: operations(40), rounds: 5, calibrate: true }, interruptedAt(19)],
    ["an interrupt of a schedule", { load: OPEN, length: operations(40), rounds: 5 }, interruptedAt(11)],
    [
      "an overhead of nothing",
      { length: operations(40), rounds: 5 },
      { work: async () => ({ overhead: 0, doneAt: performance.now() }) },
    ],
    [
      "an overhead out of sight",
      { length: operations(40), rounds: 5 },
      { work: async () => ({ overhead: null, doneAt: performance.now() }) },
    ],
  ])("%s", async (_, plan, options) => {
    const result = await resultOf(plan, options);
    // A number that is none would be null here.
    expect(parseJson(json(result), "bench-result")).toEqual(result);
  });
});

describe("a result", () => {
  it("tells of failures, and not of latencies that nobody measured", async () => {
    const { strategies, comparisons } = await resultOf({ length: operations(40), rounds: 5 }, { work: fail });
    for (const one of strategies) {
      expect(one).toMatchObject({
        operations: 0,
        errors: 40,
        throughput_per_second: null,
        stationarity: null,
      });
      expect(one.first_error?.message).toMatch(/the connection was lost/);
      expect(one.null_reasons["latency_ms.p50"]).toBe("needs 2 operations, has 0");
    }
    expect(comparisons.every(({ verdict, ratio }) => verdict === "unclear" && ratio === null)).toBe(true);
  });

  it("keeps a second database's sockets out of those of the first", async () => {
    const { against, strategies, comparisons, sockets } = await resultOf({
      against: true,
      length: operations(8),
    });
    expect(against).toEqual(SHOWN);
    expect(strategies.map(({ name }) => name)).toEqual([
      "client",
      "client@base",
      "keepalive",
      "keepalive@base",
    ]);
    const pairs = new Set(comparisons.map(({ baseline, contender }) => `${baseline} ${contender}`));
    expect(pairs).toEqual(new Set(["client keepalive", "client@base client", "keepalive@base keepalive"]));
    expect(sockets.preflight).toBe(1);
  });

  it("tells the noise of a run that calibrates, and of no other", async () => {
    const { noise } = await resultOf({ calibrate: true, length: operations(60), rounds: 6 });
    expect(new Set(noise?.map(({ strategy }) => strategy))).toEqual(new Set(["client", "keepalive"]));
    expect(noise?.find(({ metric }) => metric === "latency_ms.p50")?.noise_floor_percent).toBeGreaterThan(0);
    expect(noise?.find(({ metric }) => metric === "latency_ms.p99")?.noise_floor_percent).toBeNull();
    expect((await resultOf({})).noise).toBeNull();
  });

  it("gives no throughput after gaps, and compares none where a schedule sets it", async () => {
    const gaps = await resultOf({ load: { kind: "gap", gap: 1 }, length: operations(5), rounds: 5 });
    expect(gaps.strategies.map((one) => one.throughput_per_second)).toEqual([null, null]);
    expect(gaps.strategies[0]?.null_reasons.throughput_per_second).toBe("the gaps set it");
    const open = await resultOf({ load: OPEN, length: operations(10) });
    expect(open.strategies[0]?.throughput_per_second).toBeGreaterThan(0);
    for (const { comparisons } of [gaps, open]) {
      expect(comparisons.some(({ metric }) => metric === "throughput_per_second")).toBe(false);
    }
  });
});
