import type { BenchResult, Comparison } from "../bench/result.js";
import { compared, isUntold, times } from "./difference.js";
import { quantity } from "./format.js";

/** What arriving traffic waits for, at the median and in the tail; throughput was given. `undefined` without two strategies. */
export function openVerdict(result: BenchResult, reuse: Comparison): string {
  const { contender } = reuse;
  const fresh = against(result, reuse.baseline, contender);
  const client = against(result, "client", contender);
  const shared = client === undefined ? "" : ` Against one shared client: ${client}.`;
  return `At ${quantity(result.plan.rate_per_second, "per_second")}, ${contender} against a new connection for each operation: ${fresh ?? ""}.${shared}`;
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
      return `slower, ${times(comparison)},`;
    case "unclear":
      return "no difference to speak of";
  }
}
