import type {
  BillResult,
  CostResult,
  IdleResult,
  PhaseResult,
  ProfileResult,
  ProofResult,
  SettingResult,
  SizeResult,
  TuneResult,
} from "../../src/tune/result.js";
import { figure, hold, layer, level, phase, setting, transport } from "./tune-result-parts.js";

export const HIGH_FREQUENCY: ProfileResult = {
  name: "high-frequency",
  ...{ operations_per_second: 200, burst: 20, gap_ms: 1_000, writes: 0, aims: ["throughput", "p95"] },
  ...{ keep_alive_interval_ms: 10_000, stale_threshold_ms: 30_000 },
  source: "the guide's high-frequency workload: interval 10 s, stale after 30 s",
};

export const COST: readonly CostResult[] = [
  {
    ...{ transport: "ws", url: "wss://db.example", unavailable: null, keep_alive_hint_ms: null },
    open_ms: { samples: 20, min: 58.1, p50: 61.2, p95: 66.9, p99: null, max: 70.4 },
    round_trip_ms: { samples: 200, min: 20.1, p50: 20.4, p95: 21.7, p99: 24.2, max: 31.8 },
  },
  {
    ...{ transport: "http", url: "https://db.example", unavailable: null, keep_alive_hint_ms: 5_000 },
    open_ms: { samples: 20, min: 40.2, p50: 41.9, p95: 44.8, p99: null, max: 47.1 },
    round_trip_ms: { samples: 200, min: 20.9, p50: 21.4, p95: 23.3, p99: 26.1, max: 33.9 },
  },
];

export const IDLE: IdleResult = {
  max_idle_ms: 30_000,
  layers: [
    layer("client", 4_012, { kind: "closed", probes: 9 }),
    layer("http", 5_003, { kind: "closed", probes: 11 }),
    layer("ws", 12_080, { kind: "silent", probes: 14 }),
    layer("tcp", 12_110, { kind: "silent", probes: 12 }),
    layer("stream", null, { note: "the server has no transactions over HTTP" }),
  ],
  limits: [
    {
      ...{ whose: "client", name: "the client's own socket pool", kind: "closed", layers: ["client"] },
      ...{ limit_ms: 4_012, survived_ms: 3_800, lost_ms: 4_200 },
      meaning: "a plain createClient() opens a new socket after a pause this long; a pool of ours does not",
    },
    {
      ...{ whose: "server", name: "the server's HTTP keep-alive", kind: "closed", layers: ["http"] },
      ...{ limit_ms: 5_003, survived_ms: 4_800, lost_ms: 5_200 },
      meaning: "over HTTP a connection has to be pinged before",
    },
    {
      ...{ whose: "network", name: "a middlebox on the way", kind: "silent", layers: ["ws", "tcp"] },
      ...{ limit_ms: 12_080, survived_ms: 11_800, lost_ms: 12_300 },
      meaning: "whatever the transport, a connection has to be pinged before",
    },
  ],
};

export const SIZE: SizeResult = {
  levels: [
    level(1, 48.2, 21.4),
    level(2, 95.9, 21.6),
    level(4, 188.4, 22.3),
    level(6, 201.7, 29.8),
    level(8, 196.1, 44.2),
    { ...level(16, 189.3, 91.4), failed: 3 },
  ],
  ...{ ended_by: "past the knee", tried: 16, knee: 6, busy: 4.08, headroom: 2, size: 6 },
  fit: {
    ...{ gamma: 49.1, alpha: 0.0123, beta: 0.041_72, r_squared: 0.9934, knee: 6.04 },
    knee_interval_95: { low: 5.31, high: 6.87 },
  },
  rule: "200/s × 20ms = 4.1 busy (Little's law), 1.9 more for a burst of 20; no more than the knee at 6",
};

const INTERVAL_RULE = "shortest survived, less ping timeout, jitter and a quarter";

export const SETTINGS: readonly SettingResult[] = [
  setting("maxConnections", 10, 6, "4.08 busy on average, knee at 6", "busy plus headroom for bursts"),
  setting("minConnections", 1, 2, "bursts of 20", "the profile's, as an opening takes 61 ms"),
  setting(
    "keepAliveInterval",
    30_000,
    8_500,
    "the middlebox forgets connections after 12.1 s",
    INTERVAL_RULE,
  ),
  setting("staleThreshold", 60_000, 11_000, "the same limit", "below the longest that was survived"),
  setting("pingTimeout", 5_000, 250, "round trip: P99 24.2 ms", "ten times the P99, at least 250 ms"),
  setting("connectionTimeout", 5_000, 2_750, "opening: max 70.4 ms", "what opening may take, and a wait"),
  setting("maxLifetime", 1_800_000, 1_800_000, "nothing was closed for its age", "the default"),
  transport("http", "ws", "ws 20.4 ms, http 21.4 ms", "the cheaper one"),
];

export const PROOF: ProofResult = {
  rounds: 8,
  figures: [
    figure("throughput_per_second", true, [188.2, 196.4], [1.043, 1.02, 1.07], "better"),
    figure("latency_ms.p95", true, [84.1, 24.2], [3.48, 3.21, 3.8], "better"),
    figure("latency_ms.p50", false, [21.4, 20.6], [1.039, 0.99, 1.08], "unclear"),
    figure("after_a_gap_ms.p50", false, [null, 20.7], null, "unclear"),
    figure("connections_held", false, [10, 6], [1.67, 1.67, 1.67], "better"),
  ],
  holds: [
    hold("guide", 30_000, 21_000, [0, 1], false),
    hold("current", 30_000, 21_000, [1, 2], false),
    hold("recommended", 8_500, 60_000, [2, 2], true),
  ],
  failed: { current: 1, recommended: 0 },
  notes: ["Each round lasted 4 s"],
};

export const BILL: BillResult = {
  ...{ connections_held: 2, pings_per_day: 20_329, quota_per_day: 1_000_000, quota_share: 0.020_329 },
  ...{ break_even_per_day: 10_420, operations_per_day: 17_280_000, pooling_pays: true },
  rule: "opening a connection for each operation would take more time than the pings do",
};

export const PHASES: readonly PhaseResult[] = [
  phase("cost", 2_140, 2, 440),
  phase("idle", 34_200, 24, 58),
  phase("size", 12_800, 16, 3_120),
  phase("proof", 64_000, 16, 5_900),
];

/** Settings that were found and proven. */
export function tuneResult(parts: Partial<TuneResult> = {}): TuneResult {
  return {
    ...({ schema_version: 1, command: "tune", started_at: "2026-01-02T03:04:05.000Z" } as const),
    ...{ duration_ms: 113_400, interrupted: false },
    target: { url: "https://db.example", transport: "http", tls: true, embedded: false, network: null },
    ...{ profile: HIGH_FREQUENCY, current_from: "the library's defaults", phases: PHASES },
    ...{ cost: COST, idle: IDLE, size: SIZE, settings: SETTINGS, proof: PROOF, bill: BILL },
    verdict: {
      verdict: "use the recommended settings",
      reasons: ["P95 is 3.5x better (95% interval 3.2x to 3.8x)", "it takes 6 connections instead of 10"],
    },
    ...{ notes: ["The event loop was late by 2 ms at most"], error: null },
    ...parts,
  };
}
