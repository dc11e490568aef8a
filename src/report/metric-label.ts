import type { Comparison } from "../bench/result.js";

const FAMILIES: Readonly<Record<string, string>> = {
  latency_ms: "latency",
  service_latency_ms: "service time",
  connection_overhead_ms: "connect",
  throughput_per_second: "throughput",
  error_rate: "errors",
};

/** A metric for people: `latency_ms.p95` is `latency P95`. */
export function metricLabel(metric: Comparison["metric"]): string {
  const [family = "", statistic] = metric.split(".");
  const label = FAMILIES[family] ?? family;
  if (statistic === undefined) return label;
  return `${label} ${statistic === "p999" ? "P99.9" : statistic.replace(/^p/, "P")}`;
}
