import { TursoPoolError } from "../core/errors.js";
import { statementError } from "../libsql/connection-errors.js";
import { resolveConnectionPool, resolveKeepAlive } from "../pool/config.js";
import { redact } from "../libsql/redaction.js";
import { seededRandom } from "../core/random.js";
import { nullReasons } from "../stats/summary.js";
import type { Target } from "../libsql/target.js";
import { compareAll } from "./compare.js";
import { isLimit } from "./instrument.js";
import type { BenchPlan } from "./plan.js";
import { SCHEMA_VERSION, type BenchResult, type Host, type StrategyResult } from "./result.js";
import type { Contestant, Run } from "./run-bench.js";

/** Puts what a run measured into the shape that is printed, saved and compared. */
export function makeResult(
  plan: BenchPlan,
  target: Target,
  run: Run,
  about: { readonly host: Host; readonly startedAt: Date; readonly embedded: boolean },
): BenchResult {
  const strategies = run.contestants.map((contestant) => strategyResult(contestant, target));
  const measured = sum(strategies.map((strategy) => strategy.sockets_opened));
  const warmup = sum(strategies.map((strategy) => strategy.warmup.sockets_opened));
  return {
    schema_version: SCHEMA_VERSION,
    command: "bench",
    interrupted: run.interrupted,
    started_at: about.startedAt.toISOString(),
    target: {
      url: target.display,
      transport: target.transport,
      tls: target.kind === "remote" && target.tls,
      embedded: about.embedded,
    },
    plan: {
      strategies: plan.strategies,
      queries: plan.queries,
      allow_writes: plan.allowWrites,
      loop: "closed",
      concurrency: plan.concurrency,
      operations: plan.length.kind === "operations" ? plan.length.operations : null,
      duration_ms: plan.length.kind === "duration" ? plan.length.duration : null,
      warmup_operations: plan.warmupOperations,
      rounds: plan.rounds,
      seed: plan.seed,
      settle_ms: plan.settle,
      operation_timeout_ms: plan.operationTimeout,
      connect_timeout_ms: plan.connectTimeout,
      pool: resolvedPool(plan),
    },
    host: about.host,
    // Whatever was faster than the preflight is a better bound.
    floor_ms: Math.min(run.floor, ...strategies.map(({ latency_ms: { min } }) => min ?? Infinity)),
    event_loop_delay_ms: run.loopDelay,
    strategies,
    comparisons: compareAll(
      run.contestants.flatMap(({ measured: { rounds } }, at) => {
        const result = strategies[at];
        return result === undefined ? [] : [{ result, rounds }];
      }),
      seededRandom(plan.seed),
    ),
    sockets: {
      measured,
      warmup,
      preflight: run.preflightSockets,
      total: measured + warmup + run.preflightSockets,
      accepted_by_server: null,
    },
  };
}

function strategyResult(contestant: Contestant, target: Target): StrategyResult {
  const { strategy, measured, warmup, warmupSockets, warmupConnections } = contestant;
  const latency = measured.latency.summary();
  const overhead = measured.overhead.summary();
  const operations = measured.latency.count;
  const reading = contestant.instrument.reading();
  const statistics = strategy.statistics();
  const connections = strategy.connectionsOpened;
  return {
    name: strategy.name,
    operations,
    errors: measured.errors,
    timeouts: measured.timeouts,
    first_error: errorOf(measured.firstError, target),
    latency_ms: latency,
    connection_overhead_ms: overhead,
    null_reasons: {
      ...prefixed("latency_ms", nullReasons(latency, operations)),
      ...prefixed(
        "connection_overhead_ms",
        operations > 0 && measured.overhead.count === 0
          ? Object.fromEntries(
              Object.keys(overhead).map((key) => [key, "the client opens its connections out of sight"]),
            )
          : nullReasons(overhead, measured.overhead.count),
      ),
    },
    throughput_per_second: operations === 0 ? null : operations / (measured.elapsed / 1_000),
    sockets_opened: strategy.socketsOpened - warmupSockets,
    connections_opened: connections === null ? null : connections - (warmupConnections ?? 0),
    warmup: {
      operations: warmup.latency.count,
      errors: warmup.errors + warmup.timeouts,
      sockets_opened: warmupSockets,
    },
    instrument:
      reading === undefined
        ? null
        : {
            event_loop_utilization: reading.eventLoopUtilization,
            cpu: reading.cpu,
            host_cpu: reading.hostCpu,
          },
    instrument_limited: reading !== undefined && isLimit(reading),
    pool: statistics === null ? null : snakeCase(statistics),
  };
}

function errorOf(error: Error | undefined, target: Target): StrategyResult["first_error"] {
  if (error === undefined) return null;
  const explained = statementError(target.display, error);
  const code = explained instanceof TursoPoolError ? explained.code : "SERVER_ERROR";
  return { code, message: redact(explained.message) };
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

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function prefixed(path: string, reasons: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(reasons).map(([key, reason]) => [`${path}.${key}`, reason]));
}

/** `avgWaitTimeMs` becomes `avg_wait_time_ms`, as the output names things. */
function snakeCase(object: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]: [string, unknown]) => [
      key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}
