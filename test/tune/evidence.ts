import type { Cost } from "../../src/tune/cost/measure-cost.js";
import type { IdleLimitResult, IdleResult } from "../../src/tune/idle/result.js";
import type { TunePlan } from "../../src/tune/plan.js";
import { profileOf } from "../../src/tune/profile.js";
import type { CostFigures } from "../../src/tune/result.js";
import type { SizeResult } from "../../src/tune/size/result.js";
import { parseTarget } from "../../src/libsql/target.js";

/** What was measured, as it might have been. */

export function figures(p50: number, p99 = 2 * p50): CostFigures {
  return { samples: 200, min: p50 / 2, p50, p95: (p50 + p99) / 2, p99, max: 1.1 * p99 };
}

export function costOf(url: string, trip: number, more: Partial<Cost> = {}): Cost {
  const target = parseTarget(url);
  return {
    transport: target.transport,
    url,
    unavailable: null,
    open_ms: figures(3 * trip),
    round_trip_ms: figures(trip),
    keep_alive_hint_ms: null,
    way: { target, ca: undefined },
    rounds: Array.from({ length: 8 }, (_, at) => trip * (1 + at / 1_000)),
    ...more,
  };
}

export function limitOf(
  survived: number,
  lost: number,
  more: Partial<IdleLimitResult> = {},
): IdleLimitResult {
  return {
    whose: "network",
    name: "what is on the way",
    kind: "silent",
    limit_ms: (survived + lost) / 2,
    survived_ms: survived,
    lost_ms: lost,
    layers: ["http", "ws", "tcp"],
    meaning: "",
    ...more,
  };
}

export function idleOf(...limits: IdleLimitResult[]): IdleResult {
  const none = {
    outcome: "none",
    kind: null,
    survived_ms: 60_000,
    lost_ms: null,
    limit_ms: null,
    survivals: 2,
    losses: 0,
    probes: 8,
    searched_up_to_ms: 60_000,
    note: null,
  } as const;
  const layers =
    limits.length === 0 ? (["ws", "http", "tcp"] as const).map((layer) => ({ layer, ...none })) : [];
  return { max_idle_ms: 60_000, layers, limits };
}

export function sizeOf(size: number, busy = 0.5): SizeResult {
  return {
    levels: [],
    ended_by: "past the knee",
    tried: 16,
    fit: null,
    knee: size,
    busy,
    headroom: 10,
    size,
    rule: "as many as help",
  };
}

export function planOf(more: Partial<TunePlan> = {}): TunePlan {
  return {
    profile: profileOf("default"),
    current: {},
    currentFrom: "the library's defaults",
    maxIdle: 60_000,
    budget: 300_000,
    maxConnectionsTried: 32,
    queries: [{ sql: "SELECT 1", weight: 1 }],
    quotaPerDay: null,
    seed: 1,
    ...more,
  };
}
