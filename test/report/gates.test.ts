import { describe, expect, it } from "vitest";
import { benchReport } from "../../src/report/bench-report.js";
import { gateList } from "../../src/report/gate-list.js";
import { PLAIN, type Style } from "../../src/report/style.js";
import { gate, noise, resultOf, withGates } from "../support/bench-results.js";

const result = resultOf({ unpooled: [2.7, 2.5], keepalive: [0.17, 0.002] });

describe("gates in a report", () => {
  const gates = [
    gate({
      threshold: "keepalive.latency_ms.p95 < 5ms",
      value: 0.34,
      interval: { low: 0.323, high: 0.357 },
      confidence_percent: 97.5,
    }),
    gate({
      threshold: "keepalive.latency_ms.p95 < 1ns",
      value: 0.34,
      interval: { low: 0.323, high: 0.357 },
      confidence_percent: 97.5,
      verdict: "fail",
    }),
    gate({
      threshold: "ratio(unpooled, keepalive, connection_overhead_ms.p95) >= 1.2",
      value: 1.23,
      unit: "factor",
      interval: { low: 1.1, high: 1.31 },
      confidence_percent: 98.3333,
      verdict: "inconclusive",
      reason: "the interval has the limit in it: more --rounds or --operations would narrow it",
    }),
    gate({
      threshold: "keepalive.error_rate < 0.1%",
      value: 0,
      unit: "percent",
      interval: { low: 0, high: 0.05 },
    }),
  ];

  it("come last, and name the figures that decided", () => {
    expect(benchReport(withGates(result, gates), PLAIN, 80)).toMatchInlineSnapshot(`
      "wss://db.example · 4 callers, closed loop · 1,000 operations each · 10 rounds ·
      seed 7

      strategy     ops  errors  connect  latency                      ops/s  sockets
                                 P50 ms   P50 ms    P95    P99   max          opened
      unpooled   1,000       0     2.50     2.70   5.40   10.8  21.6    370    1,000
      keepalive  1,000       0    0.002    0.170  0.340  0.680  1.36  5,882        0

      95% interval         latency                                           ops/s
                            P50 ms             P95             P99
      unpooled        2.56 to 2.84    5.13 to 5.67    10.3 to 11.3      352 to 389
      keepalive     0.162 to 0.179  0.323 to 0.357  0.646 to 0.714  5,588 to 6,176

      Closed loop: a stall delays one operation of each caller; --rate shows what it
      costs traffic that keeps arriving.
      Warm-up, not counted above, opened sockets too: unpooled 10, keepalive 1.

      metric                     without keep-alive  with keep-alive       improvement
      Connection overhead (P50)             2.50 ms         0.002 ms  99.92% reduction
      Throughput                          370 ops/s      5,882 ops/s        16x faster
      Latency (P95)                         5.40 ms         0.340 ms     94% reduction

      On this target a new connection for each operation costs 2.53 ms of 2.70 ms
      (94%): reusing one is 16x (95% interval 15x to 17x) as fast at the median.

      pass          keepalive.latency_ms.p95 < 5ms: 0.340 ms
                    (97.5% interval 0.323 to 0.357 ms)
      FAIL          keepalive.latency_ms.p95 < 1ns: 0.340 ms
                    (97.5% interval 0.323 to 0.357 ms)
      inconclusive  ratio(unpooled, keepalive, connection_overhead_ms.p95) >= 1.2:
                    1.230x (98.3% interval 1.100x to 1.310x)
                    the interval has the limit in it: more --rounds or --operations
                    would narrow it
      pass          keepalive.error_rate < 0.1%: 0% (95% interval 0% to 0.0500%)
      Gate: fail (1 of 4 thresholds, 1 inconclusive)"
    `);
  });

  it("have a mark no wider than they need", () => {
    expect(gateList(withGates(result, gates.slice(0, 1)), PLAIN, 80)).toMatchInlineSnapshot(`
      "pass  keepalive.latency_ms.p95 < 5ms: 0.340 ms
            (97.5% interval 0.323 to 0.357 ms)
      Gate: pass (1 of 1 threshold)"
    `);
  });

  it("are coloured by their verdicts", () => {
    const tagged: Style = {
      ...PLAIN,
      green: (text) => `<green>${text}</green>`,
      red: (text) => `<red>${text}</red>`,
      yellow: (text) => `<yellow>${text}</yellow>`,
    };
    const text = gateList(withGates(result, gates), tagged, 200);
    expect(text).toMatch(/^<green>pass<\/green> {10}keepalive/m);
    expect(text).toMatch(/^<red>FAIL<\/red> {10}keepalive/m);
    expect(text).toMatch(/^<yellow>inconclusive<\/yellow> {2}ratio/m);
    expect(text).toMatch(/^Gate: <red>fail<\/red> \(1 of 4 thresholds, 1 inconclusive\)$/m);
  });

  it("say what could not be measured", () => {
    const unknown = gate({
      value: null,
      interval: null,
      verdict: "inconclusive",
      reason: "it has no operations",
    });
    expect(gateList(withGates(result, [unknown]), PLAIN, 80)).toMatch(
      /: not measured\n +it has no operations\n/,
    );
    const point = gate({ interval: null, verdict: "inconclusive" });
    expect(gateList(withGates(result, [point]), PLAIN, 80)).toContain(": 4 ms (no interval)");
  });

  it("are not there when none was set", () => {
    expect(gateList(result, PLAIN, 80)).toBeUndefined();
  });
});

describe("noise in a report", () => {
  const twins = resultOf({
    client: [0.17, 0],
    "client@again": [0.171, 0],
    keepalive: [0.17, 0.002],
    "keepalive@again": [0.168, 0.002],
  });

  it("is a table, and what it means for a gate", () => {
    const both = ["client", "keepalive"] as const;
    const measured = both.flatMap((strategy) => [
      noise({ strategy }),
      noise({
        strategy,
        metric: "latency_ms.p95",
        noise_floor_percent: 4,
        smallest_detectable_percent: strategy === "client" ? 5.1 : 6,
      }),
    ]);
    expect(benchReport({ ...twins, noise: measured }, PLAIN, 80)).toMatchInlineSnapshot(`
      "wss://db.example · 4 callers, closed loop · 1,000 operations each · 10 rounds ·
      seed 7

      strategy          ops errors connect latency                  ops/s sockets
                                    P50 ms  P50 ms   P95   P99  max        opened
      client          1,000      0   0.000   0.170 0.340 0.680 1.36 5,882       0
      client@again    1,000      0   0.000   0.171 0.342 0.684 1.37 5,848       0
      keepalive       1,000      0   0.002   0.170 0.340 0.680 1.36 5,882       0
      keepalive@again 1,000      0   0.002   0.168 0.336 0.672 1.34 5,952       0

      95% interval            latency                                           ops/s
                               P50 ms             P95             P99
      client           0.162 to 0.179  0.323 to 0.357  0.646 to 0.714  5,588 to 6,176
      client@again     0.162 to 0.180  0.325 to 0.359  0.650 to 0.718  5,556 to 6,140
      keepalive        0.162 to 0.179  0.323 to 0.357  0.646 to 0.714  5,588 to 6,176
      keepalive@again  0.160 to 0.176  0.319 to 0.353  0.638 to 0.706  5,655 to 6,250

      Closed loop: a stall delays one operation of each caller; --rate shows what it
      costs traffic that keeps arriving.
      Warm-up, not counted above, opened sockets too: client 1, client@again 1,
      keepalive 1, keepalive@again 1.

      A bare statement on an open connection takes at least 0.100 ms here.

      noise           metric  identical code  smallest difference
                                  differs by   this plan can tell
      client     latency P50            2.0%                 3.5%
      client     latency P95            4.0%                 5.1%
      keepalive  latency P50            2.0%                 3.5%
      keepalive  latency P95            4.0%                 6.0%

      A gate tighter than 6.0% on latency P95 (keepalive) needs more operations."
    `);
  });

  it("is unknown with too few rounds", () => {
    const unknown = noise({
      ratio_interval_95: null,
      noise_floor_percent: null,
      smallest_detectable_percent: null,
    });
    const report = benchReport({ ...twins, noise: [unknown] }, PLAIN, 80);
    expect(report).toMatch(/^keepalive +latency P50 +– +–$/m);
    expect(report).toContain("is not known: it takes more rounds");
  });
});
