import type { StrategyResult } from "../../bench/result.js";
import type { Interval } from "../../stats/bootstrap.js";
import type { SummaryKey } from "../../stats/summary.js";

/** One number of a contestant, with all that is known of it. */
export interface Figure {
  /** Its path in the JSON output; `error_rate` is made of three of them. */
  readonly metric: string;
  readonly unit: "ms" | "per_second" | "percent" | "count";
  readonly value: number | null;
  /** Where it lies with 95 % confidence, in the same unit. */
  readonly interval: Interval | null;
  /** Why the value is `null`. */
  readonly reason: string | null;
}

const FAMILIES = ["latency_ms", "service_latency_ms", "connection_overhead_ms"] as const;
const COUNTS = ["operations", "errors", "timeouts", "sockets_opened", "connections_opened"] as const;

/** Every figure of a contestant, always in the same order. */
export function figuresOf(strategy: StrategyResult): Figure[] {
  const figure = (metric: string, unit: Figure["unit"], value: number | null): Figure => ({
    metric,
    unit,
    value,
    interval: intervalOf(strategy, metric),
    reason: value === null ? (strategy.null_reasons[metric] ?? null) : null,
  });
  return [
    ...FAMILIES.flatMap((family) =>
      (Object.entries(strategy[family]) as [SummaryKey, number | null][]).map(([key, value]) =>
        figure(`${family}.${key}`, "ms", value),
      ),
    ),
    figure("throughput_per_second", "per_second", strategy.throughput_per_second),
    figure("error_rate", "percent", errorRate(strategy)),
    ...COUNTS.map((name) => figure(name, "count", strategy[name])),
  ];
}

/** Whether its figures say how the database does, rather than how it fails. */
export function isUsable({ operations, errors, timeouts }: StrategyResult): boolean {
  return operations > 0 && errors + timeouts <= operations;
}

/** A twin is there to show the noise: what follows figures over time has no use for it. */
export function isTwin({ name }: StrategyResult): boolean {
  return name.endsWith("@again");
}

function intervalOf({ intervals_95: intervals }: StrategyResult, metric: string): Interval | null {
  return (intervals as Readonly<Record<string, Interval | null | undefined>>)[metric] ?? null;
}

/** Operations that failed or timed out, in percent of all. */
function errorRate({ operations, errors, timeouts }: StrategyResult): number | null {
  const failed = errors + timeouts;
  return operations + failed === 0 ? null : (100 * failed) / (operations + failed);
}
