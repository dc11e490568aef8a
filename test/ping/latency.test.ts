import { expect, it } from "vitest";
import { Latency } from "../../src/ping/latency.js";

function latencyOf(...durations: number[]) {
  const latency = new Latency();
  for (const duration of durations) latency.record(duration);
  return latency.figures();
}

it("gives the figures of ping(8), with the standard deviation of a sample", () => {
  const { pings, latency_ms, null_reasons } = latencyOf(2, 4, 4, 4, 5, 5, 7, 9);
  expect(pings).toBe(8);
  expect(latency_ms).toMatchObject({ min: 2, avg: 5, max: 9, p95: null });
  expect(latency_ms.p50).toBeCloseTo(4, 1);
  expect(latency_ms.stddev).toBeCloseTo(Math.sqrt(32 / 7), 9);
  expect(null_reasons).toEqual({ p95: "needs 20 pings, has 8" });
});

it("says why a figure is null", () => {
  expect(latencyOf(3)).toEqual({
    pings: 1,
    latency_ms: { min: 3, avg: 3, p50: null, p95: null, max: 3, stddev: null },
    null_reasons: {
      p50: "needs 2 pings, has 1",
      p95: "needs 20 pings, has 1",
      stddev: "needs 2 pings, has 1",
    },
  });
  expect(latencyOf().null_reasons).toMatchObject({ min: "needs 1 ping, has 0" });
});

it("keeps the deviation of large values with small differences", () => {
  expect(latencyOf(1e6 + 4, 1e6 + 7, 1e6 + 13, 1e6 + 16).latency_ms.stddev).toBeCloseTo(Math.sqrt(30), 6);
});
