import { describe, expect, it } from "vitest";
import { isMetricName, METRIC_NAMES, METRICS, parseMetric } from "../../../src/bench/metrics.js";

describe("the metrics", () => {
  it("are seven statistics of three families, and two plain figures", () => {
    expect(METRIC_NAMES).toHaveLength(3 * 7 + 2);
    expect(Object.keys(METRICS)).toEqual(METRIC_NAMES);
  });

  it("have a unit and a direction", () => {
    expect(METRICS["service_latency_ms.p999"]).toEqual({ unit: "ms", moreIsBetter: false });
    expect(METRICS.throughput_per_second).toEqual({ unit: "per_second", moreIsBetter: true });
    expect(METRICS.error_rate).toEqual({ unit: "percent", moreIsBetter: false });
  });

  it("split into family and statistic", () => {
    expect(parseMetric("latency_ms.p95")).toEqual({ family: "latency_ms", statistic: "p95" });
    expect(parseMetric("error_rate")).toEqual({ family: "error_rate", statistic: null });
  });

  it.each(["latency_ms", "latency_ms.max", "toString", ""])("do not include %j", (text) => {
    expect(isMetricName(text)).toBe(false);
  });
});
