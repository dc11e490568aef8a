import { describe, expect, it } from "vitest";
import { benchReport } from "../../src/report/bench-report.js";
import { PLAIN } from "../../src/report/style.js";
import { resultOf, withStrategies } from "../support/bench-results.js";

describe("the report of a bench run", () => {
  it("shows a row per strategy, the guide's table and a sentence", () => {
    const result = resultOf({
      unpooled: [2.7, 2.5],
      client: [0.17, 0],
      pool: [0.172, 0.002],
      keepalive: [0.17, 0.002],
    });
    expect(benchReport(result, PLAIN, 80)).toMatchInlineSnapshot(`
      "wss://db.example · 4 callers, closed loop · 1,000 operations each · 10 rounds ·
      seed 7

      strategy     ops  errors  connect  latency                      ops/s  sockets
                                 P50 ms   P50 ms    P95    P99   max          opened
      unpooled   1,000       0     2.50     2.70   5.40   10.8  21.6    370    1,000
      client     1,000       0    0.000    0.170  0.340  0.680  1.36  5,882        0
      pool       1,000       0    0.002    0.172  0.344  0.688  1.38  5,814        0
      keepalive  1,000       0    0.002    0.170  0.340  0.680  1.36  5,882        0

      95% interval         latency                                           ops/s
                            P50 ms             P95             P99
      unpooled        2.56 to 2.84    5.13 to 5.67    10.3 to 11.3      352 to 389
      client        0.162 to 0.179  0.323 to 0.357  0.646 to 0.714  5,588 to 6,176
      pool          0.163 to 0.181  0.327 to 0.361  0.654 to 0.722  5,523 to 6,105
      keepalive     0.162 to 0.179  0.323 to 0.357  0.646 to 0.714  5,588 to 6,176

      Closed loop: a stall delays one operation of each caller; --rate shows what it
      costs traffic that keeps arriving.
      Warm-up, not counted above, opened sockets too: unpooled 10, client 1, pool 1,
      keepalive 1.

      metric                     without keep-alive  with keep-alive       improvement
      Connection overhead (P50)             2.50 ms         0.002 ms  99.92% reduction
      Throughput                          370 ops/s      5,882 ops/s        16x faster
      Latency (P95)                         5.40 ms         0.340 ms     94% reduction

      On this target a new connection for each operation costs 2.53 ms of 2.70 ms
      (94%): reusing one is 16x (95% interval 15x to 17x) as fast at the median. One
      shared client is as good under steady load; what keep-alive adds shows when
      connections idle or break."
    `);
  });

  it("says that it is partial after an interrupt", () => {
    expect(benchReport({ ...resultOf({ keepalive: [1, 0] }), interrupted: true }, PLAIN, 80)).toContain(
      "partial",
    );
  });

  it("says when the server counted other sockets than we did", () => {
    const result = resultOf({ unpooled: [2, 1], keepalive: [1, 0.1] });
    const agreed = { ...result, sockets: { ...result.sockets, accepted_by_server: 1_014 } };
    const differs = { ...result, sockets: { ...result.sockets, accepted_by_server: 1_015 } };
    expect(benchReport(agreed, PLAIN, 80)).toContain(
      "1,014 sockets in all, as many as the server accepted (1,014)",
    );
    expect(benchReport(differs, PLAIN, 80)).toContain(
      "1,014 sockets in all, but the server accepted (1,015)",
    );
  });

  it("leaves the guide's table out unless both of its strategies ran", () => {
    expect(benchReport(resultOf({ client: [1, 0], keepalive: [1, 0] }), PLAIN, 80)).not.toContain(
      "without keep-alive",
    );
  });

  it("says when callers share fewer connections than they are", () => {
    const result = resultOf({ unpooled: [2, 1], keepalive: [1, 0.1] });
    const strategies = result.strategies.map((one) => ({ ...one, pool: {} }));
    const plan = { ...result.plan, concurrency: 20, pool: { max_connections: 10 } };
    expect(benchReport({ ...result, strategies, plan }, PLAIN, 200)).toContain(
      "20 callers share 10 connections",
    );
    expect(benchReport({ ...result, strategies }, PLAIN, 200)).not.toContain("share");
  });

  it("says head and base of two databases, and sets each strategy beside itself", () => {
    const result = resultOf({
      "client@base": [0.2, 0],
      client: [0.17, 0],
      "keepalive@base": [0.17, 0.002],
      keepalive: [0.21, 0.002],
    });
    expect(benchReport(result, PLAIN, 80)).toMatchInlineSnapshot(`
      "head wss://db.example · base wss://base.example · 4 callers, closed loop · 1,000
      operations each · 10 rounds · seed 7

      strategy         ops errors connect latency                  ops/s sockets
                                   P50 ms  P50 ms   P95   P99  max        opened
      client@base    1,000      0   0.000   0.200 0.400 0.800 1.60 5,000       0
      client         1,000      0   0.000   0.170 0.340 0.680 1.36 5,882       0
      keepalive@base 1,000      0   0.002   0.170 0.340 0.680 1.36 5,882       0
      keepalive      1,000      0   0.002   0.210 0.420 0.840 1.68 4,762       0

      95% interval           latency                                           ops/s
                              P50 ms             P95             P99
      client@base     0.190 to 0.210  0.380 to 0.420  0.760 to 0.840  4,750 to 5,250
      client          0.162 to 0.179  0.323 to 0.357  0.646 to 0.714  5,588 to 6,176
      keepalive@base  0.162 to 0.179  0.323 to 0.357  0.646 to 0.714  5,588 to 6,176
      keepalive       0.199 to 0.221  0.399 to 0.441  0.798 to 0.882  4,524 to 5,000

      Closed loop: a stall delays one operation of each caller; --rate shows what it
      costs traffic that keeps arriving.
      Warm-up, not counted above, opened sockets too: client@base 1, client 1,
      keepalive@base 1, keepalive 1.

      head against base       metric  base ms  head ms          head is (95% interval)
      client             latency P50    0.200    0.170  1.18x as fast (1.13x to 1.22x)
      client             latency P95    0.400    0.340  1.18x as fast (1.13x to 1.22x)
      keepalive          latency P50    0.170    0.210   1.24x slower (1.19x to 1.29x)
      keepalive          latency P95    0.340    0.420   1.24x slower (1.19x to 1.29x)

      A bare statement on an open connection takes at least 0.100 ms here."
    `);
  });

  it("says what network was emulated", () => {
    const network = { rtt_ms: 20, jitter_ms: 0, idle_drop: false };
    const result = resultOf({ keepalive: [21, 0] }, { embedded: true, network });
    expect(benchReport(result, PLAIN, 200)).toMatch(/^wss:\/\/db\.example \(embedded, 20 ms round trip\) · /);
  });

  it("counts rounds that were added", () => {
    const result = resultOf({ keepalive: [1, 0] });
    expect(benchReport({ ...result, plan: { ...result.plan, rounds: 4 } }, PLAIN, 200)).toContain(
      "· 4 rounds, and 6 more for the gate ·",
    );
  });

  it("shows P90 and P99.9 where there is room", () => {
    const report = benchReport(resultOf({ unpooled: [2.7, 2.5], keepalive: [0.17, 0.002] }), PLAIN, 100);
    expect(report).toMatchInlineSnapshot(`
      "wss://db.example · 4 callers, closed loop · 1,000 operations each · 10 rounds · seed 7

      strategy     ops  errors  connect  latency                             ops/s  sockets
                                 P50 ms   P50 ms    P90    P95    P99   max          opened
      unpooled   1,000       0     2.50     2.70   4.05   5.40   10.8  21.6    370    1,000
      keepalive  1,000       0    0.002    0.170  0.255  0.340  0.680  1.36  5,882        0

      95% interval         latency                                                           ops/s
                            P50 ms             P90             P95             P99
      unpooled        2.56 to 2.84    3.85 to 4.25    5.13 to 5.67    10.3 to 11.3      352 to 389
      keepalive     0.162 to 0.179  0.242 to 0.268  0.323 to 0.357  0.646 to 0.714  5,588 to 6,176

      Closed loop: a stall delays one operation of each caller; --rate shows what it costs traffic that
      keeps arriving.
      Warm-up, not counted above, opened sockets too: unpooled 10, keepalive 1.

      metric                     without keep-alive  with keep-alive       improvement
      Connection overhead (P50)             2.50 ms         0.002 ms  99.92% reduction
      Throughput                          370 ops/s      5,882 ops/s        16x faster
      Latency (P95)                         5.40 ms         0.340 ms     94% reduction

      On this target a new connection for each operation costs 2.53 ms of 2.70 ms (94%): reusing one is
      16x (95% interval 15x to 17x) as fast at the median."
    `);
  });

  it("shows no interval where none is known", () => {
    const result = resultOf({ unpooled: [2.7, 2.5], keepalive: [0.17, 0.002] });
    expect(benchReport(result, PLAIN, 80)).toContain("95% interval  ");
    expect(benchReport(withStrategies(result, { intervals_95: {} }), PLAIN, 80)).not.toContain(
      "95% interval  ",
    );
    const one = benchReport(withStrategies(result, { intervals_95: {} }, "keepalive"), PLAIN, 80);
    expect(one).toMatch(/^keepalive( +–)+$/m);
    expect(one).toContain("–: not measurable");
  });
});
