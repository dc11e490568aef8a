import type { BenchResult, Comparison } from "../bench/result.js";
import { compared, isUntold, times } from "./difference.js";
import { quantity } from "./format.js";

/** What arriving traffic waits for, at the median and in the tail; throughput was given. `undefined` with nothing to compare. */
export function openVerdict(result: BenchResult): string | undefined {
  const contender = result.strategies.some(({ name }) => name === "keepalive") ? "keepalive" : "pool";
  const fresh = against(result, "unpooled", contender);
  const client = against(result, "client", contender);
  const parts = [
    ...(fresh === undefined ? [] : [`${contender} against a new connection for each operation: ${fresh}.`]),
    ...(client === undefined ? [] : [`${contender} against one shared client: ${client}.`]),
  ];
  const rate = quantity(result.plan.rate_per_second, "per_second");
  return parts.length > 0 ? `At ${rate}, ${parts.join(" And ")}` : undefined;
}

function against(result: BenchResult, baseline: string, contender: string): string | undefined {
  const median = compared(result, baseline, contender, "latency_ms.p50");
  const tail = compared(result, baseline, contender, "latency_ms.p95");
  const parts = [
    ...(median ? [`${pace(median)} at the median`] : []),
    ...(tail ? [`${pace(tail)} at P95`] : []),
  ];
  return parts.length > 0 ? parts.join(", ") : undefined;
}

function pace(comparison: Comparison): string {
  if (isUntold(comparison)) return "can't be told";
  switch (comparison.verdict) {
    case "better":
      return `${times(comparison)} as fast`;
    case "worse":
      return `slower by a factor of ${times(comparison)}`;
    case "unclear":
      return "no difference to speak of";
  }
}
