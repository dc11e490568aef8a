import { TursoPoolError } from "../core/errors.js";
import { printable } from "../core/printable.js";
import { snakeCase } from "../core/snake-case.js";
import { statementError } from "../libsql/connection-errors.js";
import { redact } from "../libsql/redaction.js";
import type { Target } from "../libsql/target.js";
import { figuresOf } from "../pool/statistics.js";
import { stationarity } from "../stats/stationarity.js";
import { nullReasons } from "../stats/summary.js";
import { intervalOf } from "./compare.js";
import { watched, type Contestant } from "./contestant.js";
import type { FigureBook } from "./figures.js";
import { instrumentLimits } from "./instrument-limits.js";
import type { InstrumentReading } from "./instrument.js";
import { METRIC_NAMES } from "./metrics.js";
import type { BenchPlan } from "./plan.js";
import type { Schedule } from "./recorder.js";
import type { InstrumentResult, ScheduleResult, StationarityResult, StrategyResult } from "./result.js";
import { roundResult } from "./round.js";

/** What was measured of one contestant, in the shape of a result. */
export function strategyResult(
  contestant: Contestant,
  target: Target,
  book: FigureBook,
  plan: BenchPlan,
): StrategyResult {
  const { name, runs, measured, warmup, warmupSockets, warmupConnections } = contestant;
  const isPaced = plan.load.kind === "gap";
  const operations = measured.latency.count;
  const reading = contestant.instrument.reading();
  const statistics = runs.statistics();
  const connections = runs.connectionsOpened;
  const limits = instrumentLimits(watched(contestant, plan));
  return {
    name,
    strategy: contestant.strategy,
    operations,
    errors: measured.errors,
    timeouts: measured.timeouts,
    first_error: errorOf(measured.firstError, target),
    latency_ms: measured.latency.summary(),
    service_latency_ms: (measured.service ?? measured.latency).summary(),
    connection_overhead_ms: measured.overhead.summary(),
    throughput_per_second: isPaced || operations === 0 ? null : operations / (measured.elapsed / 1_000),
    intervals_95: Object.fromEntries(METRIC_NAMES.map((metric) => [metric, intervalOf(book, name, metric)])),
    null_reasons: reasonsOf(contestant, isPaced),
    schedule: measured.schedule === null ? null : scheduleResult(measured.schedule),
    sockets_opened: runs.socketsOpened - warmupSockets,
    connections_opened: connections === null ? null : connections - (warmupConnections ?? 0),
    warmup: {
      operations: warmup.latency.count,
      errors: warmup.errors + warmup.timeouts,
      sockets_opened: warmupSockets,
    },
    instrument: reading === undefined ? null : instrumentResult(reading),
    instrument_limited: limits.length > 0,
    instrument_limits: limits,
    // A round of single operations says nothing of warm-up.
    stationarity: isPaced ? null : stationarityOf(book, name),
    pool: statistics === null ? null : snakeCase(figuresOf(statistics)),
    rounds: measured.rounds.map(roundResult),
  };
}

function reasonsOf({ measured }: Contestant, isPaced: boolean): Record<string, string> {
  const operations = measured.latency.count;
  const { latency, service, overhead } = measured;
  const hidden = operations > 0 && overhead.count === 0;
  const figures = overhead.summary();
  return {
    ...prefixed("latency_ms", nullReasons(latency.summary(), operations)),
    ...prefixed("service_latency_ms", nullReasons((service ?? latency).summary(), operations)),
    ...prefixed(
      "connection_overhead_ms",
      hidden
        ? Object.fromEntries(
            Object.keys(figures).map((key) => [key, "the client opens its connections out of sight"]),
          )
        : nullReasons(figures, overhead.count),
    ),
    ...(isPaced ? { throughput_per_second: "the gaps set it" } : {}),
  };
}

function instrumentResult(reading: InstrumentReading): InstrumentResult {
  return {
    event_loop_utilization: reading.eventLoopUtilization,
    cpu: reading.cpu,
    host_cpu: reading.hostCpu,
    gc: reading.gc,
    gc_max_ms: reading.longestGc,
  };
}

function scheduleResult({ scheduled, foundNoWorker, neverStarted, lag }: Schedule): ScheduleResult {
  return { scheduled, found_no_worker: foundNoWorker, never_started: neverStarted, lag_ms: lag.summary() };
}

function stationarityOf(book: FigureBook, name: string): StationarityResult | null {
  const medians = book.perRound(name, "latency_ms.p50");
  const known = medians.filter((median) => median !== null);
  // A round in which all failed is its own bad news.
  if (known.length === 0 || known.length < medians.length) return null;
  const { firstUnlikeOthers, firstRatio, drifts, trendPValue } = stationarity(known);
  return {
    first_round_differs: firstUnlikeOthers,
    first_round_ratio: firstRatio,
    drifts,
    trend_p: trendPValue,
  };
}

function errorOf(error: Error | undefined, target: Target): StrategyResult["first_error"] {
  if (error === undefined) return null;
  const explained = statementError(target.display, error);
  const code = explained instanceof TursoPoolError ? explained.code : "SERVER_ERROR";
  return { code, message: printable(redact(explained.message)) };
}

function prefixed(path: string, reasons: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(reasons).map(([key, reason]) => [`${path}.${key}`, reason]));
}
