import type { BillResult, CostResult, TunePlanResult, TuneResult } from "../../src/tune/result.js";
import { figure, hold, layer, level, phase, planned, setting } from "./tune-result-parts.js";
import { BILL, COST, HIGH_FREQUENCY, IDLE, PHASES, PROOF, SIZE, tuneResult } from "./tune-result-whole.js";

export { tuneResult };

/** Nothing measured better. */
export function keepResult(): TuneResult {
  return tuneResult({
    target: {
      ...{ url: "wss://localhost:34723", transport: "ws", tls: true, embedded: true },
      network: { rtt_ms: 20, jitter_ms: 0, idle_timeout_ms: 12_000, idle_drop: true },
    },
    proof: {
      ...{ ...PROOF, rounds: 1, notes: [], failed: { current: 0, recommended: 0 } },
      figures: [figure("throughput_per_second", true, [196.1, 196.4], [1.002, 0.98, 1.02], "alike")],
      holds: [hold("recommended", 8_500, 60_000, [2, 2], true), hold("guide", 30_000, 21_000, [0, 0], null)],
    },
    bill: { ...BILL, quota_per_day: null, quota_share: null, pooling_pays: null, break_even_per_day: null },
    verdict: { verdict: "keep what you have", reasons: ["nothing that counts measured better"] },
    notes: [],
  });
}

/** Traffic is below break-even. */
export function doNotPoolResult(): TuneResult {
  return tuneResult({
    profile: {
      ...{
        ...HIGH_FREQUENCY,
        name: "low-frequency",
        operations_per_second: 1 / 60,
        burst: 1,
        gap_ms: 60_000,
      },
      ...{
        aims: ["p95_after_a_gap", "connections_held"] as const,
        source: "the guide's low-frequency workload",
      },
    },
    bill: {
      ...{ ...BILL, connections_held: 1, pings_per_day: 10_165, break_even_per_day: 3_390 },
      ...{ operations_per_day: 1_440, pooling_pays: false },
      rule: "1440 operations a day are fewer than the 3390 from which pings take less time than they save",
    },
    verdict: {
      verdict: "do not pool",
      reasons: ["1,440 operations a day are fewer than the 3,390 of break-even"],
    },
    notes: [],
  });
}

/** Ctrl-C while idle limits were looked for. */
export function interruptedResult(): TuneResult {
  return tuneResult({
    ...{
      interrupted: true,
      duration_ms: 9_320,
      size: null,
      settings: [],
      proof: null,
      bill: null,
      notes: [],
    },
    phases: [
      phase("cost", 2_140, 1, 1),
      { ...phase("idle", 7_100, 24, 30), outcome: "cut short", reason: "it was interrupted" },
    ],
    idle: {
      max_idle_ms: 30_000,
      layers: [
        layer("http", 5_003, { kind: "closed", survivals: 1, losses: 1 }),
        layer("ws", null, {
          probes: 8,
          searched_up_to_ms: 6_000,
          note: "interrupted after 6 s; all lived until then",
        }),
      ],
      limits: IDLE.limits.slice(1, 2),
    },
    verdict: { verdict: "not proven", reasons: ["it was interrupted"] },
  });
}

/** The database went away during the sweep. */
export function diedResult(): TuneResult {
  return tuneResult({
    phases: [
      ...PHASES.slice(0, 2),
      { ...phase("size", 3_100, 4, 210), outcome: "failed", reason: "the database does not answer any more" },
      { ...phase("proof", 0, 0, 0), outcome: "skipped", reason: "there is no database to prove it on" },
    ],
    size: { ...SIZE, levels: SIZE.levels.slice(0, 2), ended_by: "failures", tried: 2, fit: null, knee: null },
    ...{ proof: null, bill: null },
    verdict: { verdict: "not proven", reasons: ["the database went away"] },
    error: {
      code: "UNREACHABLE",
      message: "https://db.example: connection refused",
      hint: "Is the server up? turso-pool ping --wait-ready waits for it.",
    },
  });
}

const FILE_BILL: BillResult = {
  ...{
    connections_held: 1,
    pings_per_day: 0,
    quota_per_day: null,
    quota_share: null,
    break_even_per_day: null,
  },
  ...{
    operations_per_day: 17_280_000,
    pooling_pays: null,
    rule: "a database of this machine needs no pings",
  },
};

/** A local file, in which there is nothing to keep alive. */
export function fileResult(): TuneResult {
  const cost: Omit<CostResult, "open_ms" | "round_trip_ms"> = {
    ...{ transport: "file", url: "file:local.db", unavailable: null, keep_alive_hint_ms: null },
  };
  const figures = { samples: 20, min: 0.11, p50: 0.12, p95: 0.16, p99: null, max: 0.31 };
  return tuneResult({
    target: { url: "file:local.db", transport: "file", tls: false, embedded: false, network: null },
    cost: [{ ...cost, open_ms: figures, round_trip_ms: { ...figures, p50: 0.004 } }],
    phases: [
      phase("cost", 310, 1, 220),
      { ...phase("idle", 0, 0, 0), outcome: "skipped", reason: "a local file has no connections that idle" },
      ...PHASES.slice(2),
    ],
    ...{
      idle: null,
      bill: FILE_BILL,
      size: {
        ...SIZE,
        levels: [level(1, 9_120, 0.14)],
        knee: null,
        fit: null,
        size: 1,
        ended_by: "ceiling",
        tried: 1,
      },
    },
    settings: [setting("maxConnections", 10, 1, "knee at 1", "a file has one writer, and reads do not wait")],
    proof: { ...PROOF, holds: [], figures: PROOF.figures.slice(4), notes: [] },
    verdict: {
      verdict: "use the recommended settings",
      reasons: ["keep-alive gains nothing on a local file", "as good with 1 connection as with 10"],
    },
    notes: [],
  });
}

/** No limit, no knee, and one transport that does not work here. */
export function nothingFoundResult(): TuneResult {
  return tuneResult({
    cost: [
      ...COST.slice(1).map((one) => ({ ...one, keep_alive_hint_ms: null })),
      {
        ...{ transport: "ws", url: "wss://db.example", open_ms: null, round_trip_ms: null },
        ...{ keep_alive_hint_ms: null, unavailable: "the server answered the upgrade with 404" },
      },
    ],
    idle: {
      ...{ max_idle_ms: 90_000, limits: [] },
      layers: [
        layer("http", Infinity, { survived_ms: 90_000, searched_up_to_ms: 90_000 }),
        layer("tcp", Infinity, { survived_ms: 90_000, searched_up_to_ms: 90_000 }),
      ],
    },
    size: {
      ...{ ...SIZE, levels: [level(1, 48.2, 21.4), level(2, 95.9, 21.6)], ended_by: "budget", tried: 2 },
      ...{ knee: null, fit: null },
    },
    ...{ settings: [], proof: null, bill: null, notes: [] },
    phases: PHASES.map((one) =>
      one.phase === "proof"
        ? { ...phase("proof", 0, 0, 0), outcome: "skipped", reason: "the budget was used up" }
        : one,
    ),
    verdict: { verdict: "not proven", reasons: ["the budget was used up before it could be proven"] },
  });
}

export function tunePlanResult(): TunePlanResult {
  return {
    ...({ schema_version: 1, command: "tune", dry_run: true } as const),
    target: { url: "https://db.example", transport: "http", tls: true, embedded: false, network: null },
    profile: HIGH_FREQUENCY,
    phases: [
      planned("cost", "open connections over ws and http, one at a time, and ask over them", 1, 5_000, 440),
      planned("idle", "let connections idle for up to 30 s, then ask", 32, 75_000, 160),
      planned("size", "SELECT 1 by 1, 2, 4, 8, 16 and 32 callers at once", 32, 20_000, 50_000),
      planned(
        "proof",
        "current against recommended, in turn, under the workload's arrivals",
        20,
        120_000,
        48_000,
      ),
    ],
    ...{ connections: 32, duration_ms: 220_000, queries: 98_600 },
  };
}

/** How tuning can end, by what the reader is told. */
export const EVERY_RESULT: Readonly<Record<string, () => TuneResult>> = {
  recommended: tuneResult,
  "keep what you have": keepResult,
  "do not pool": doNotPoolResult,
  interrupted: interruptedResult,
  "the target died": diedResult,
  "a local file": fileResult,
  "nothing found": nothingFoundResult,
};
