import { resolveConnectionPool, resolveKeepAlive } from "../pool/config.js";
import type { BenchPlan } from "./plan.js";
import type { BenchResult } from "./result.js";
import { snakeCase } from "../core/snake-case.js";

/** A plan as results show it. */
export function planResult(plan: BenchPlan): BenchResult["plan"] {
  const { load, length } = plan;
  return {
    strategies: plan.strategies,
    queries: plan.queries,
    allow_writes: plan.allowWrites,
    loop: load.kind,
    rate_per_second: load.kind === "open" ? load.perSecond : null,
    arrivals: load.kind === "open" ? load.arrivals : null,
    gap_ms: load.kind === "gap" ? load.gap : null,
    concurrency: plan.concurrency,
    operations: length.kind === "operations" ? length.operations : null,
    duration_ms: length.kind === "duration" ? length.duration : null,
    warmup_operations: plan.warmupOperations,
    warmup_limit_ms: plan.warmupLimit,
    rounds: plan.rounds,
    seed: plan.seed,
    settle_ms: plan.settle,
    operation_timeout_ms: plan.operationTimeout,
    connect_timeout_ms: plan.connectTimeout,
    calibrate: plan.calibrate,
    max_duration_ms: plan.maxDuration,
    pool: resolvedPool(plan),
  };
}

/** The pools' options as they were in force, defaults included; what has no limit is left out. */
function resolvedPool(plan: BenchPlan): Record<string, number | boolean> {
  const open = (): Promise<never> => Promise.reject(new Error("never opened"));
  const base = resolveConnectionPool({ connectionTimeout: plan.connectTimeout, ...plan.pool, open });
  const settings = Object.entries({ ...base, ...resolveKeepAlive(plan.pool) }).filter(
    ([, value]) => typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value)),
  );
  return snakeCase(Object.fromEntries(settings)) as Record<string, number | boolean>;
}
