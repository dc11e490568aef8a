import { describe, expect, it } from "vitest";
import { benchReport } from "../../src/report/bench-report.js";
import { PLAIN } from "../../src/report/style.js";
import { verdict } from "../../src/report/verdict.js";
import { resultOf } from "../support/bench-results.js";

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

  it("says for which strategies the load process itself was the limit", () => {
    const result = resultOf({ unpooled: [2, 1], keepalive: [1, 0.1] });
    const limited = result.strategies.map((one) => ({
      ...one,
      instrument_limited: one.name === "keepalive",
    }));
    expect(benchReport(result, PLAIN, 80)).not.toContain("was the limit");
    expect(benchReport({ ...result, strategies: limited }, PLAIN, 80)).toContain(
      "was the limit for keepalive:",
    );
  });
});

describe("the sentence on what the figures mean", () => {
  it("compares nothing when more failed than succeeded", () => {
    const result = resultOf({ unpooled: [10, 8], keepalive: [1, 0] });
    const broken = { ...result, strategies: result.strategies.map((one) => ({ ...one, errors: 1_001 })) };
    expect(verdict(broken)).toMatch(/^Too few operations succeeded/);
    expect(benchReport(broken, PLAIN, 80)).not.toContain("improvement");
  });

  it("claims nothing from a handful of operations", () => {
    const result = resultOf({ unpooled: [10, 8], keepalive: [1, 0] });
    const few = { ...result, strategies: result.strategies.map((one) => ({ ...one, operations: 19 })) };
    expect(verdict(few)).toMatch(/^Too few operations/);
  });

  it("does not take a missing interval for the lack of a difference", () => {
    const result = resultOf({ unpooled: [10, 8], client: [4, 0], keepalive: [2, 0] });
    const comparisons = result.comparisons.map((one) => ({
      ...one,
      ratio_interval_95: null,
      verdict: "unclear" as const,
    }));
    expect(verdict({ ...result, comparisons })).toMatch(/can't be told.*can't be told/);
    expect(verdict({ ...result, comparisons })).not.toMatch(/as good|no difference/);
  });

  it.each([
    [
      "a great gain",
      resultOf({ unpooled: [10, 8], client: [4, 0], keepalive: [2, 0] }),
      /costs 8\.00 ms of 10\.0 ms \(80%\): reusing one is 5\.0x \(95% interval .* to .*\) as fast .* The pool is 2\.0x .* as one shared client/,
    ],
    [
      "no gain over a client on HTTP",
      resultOf({ unpooled: [4, 2], client: [2.002, 0], keepalive: [2, 0] }, { transport: "http" }),
      /One shared client is as good under steady load.*idle.*HTTP/,
    ],
    [
      "a client that is better",
      resultOf({ unpooled: [4, 2], client: [1, 0], keepalive: [2, 0] }),
      /One shared client is 2\.0x .* as fast as the pool/,
    ],
    [
      "no gain at all",
      resultOf({ unpooled: [2.001, 0.1], keepalive: [2, 0] }),
      /makes no difference to speak of/,
    ],
    [
      "a pool that is slower",
      resultOf({ unpooled: [1, 0.1], keepalive: [2, 0] }),
      /slower at the median: 2\.0x/,
    ],
    [
      "a file",
      resultOf({ unpooled: [0.3, 0.2], keepalive: [0.1, 0] }, { transport: "file", tls: false }),
      /^A local file has no network.*keep-alive gains nothing/,
    ],
    [
      "memory without gain",
      resultOf({ unpooled: [0.1, 0], keepalive: [0.1, 0] }, { transport: "memory" }),
      /pooling gains nothing here/,
    ],
    ["one strategy alone", resultOf({ keepalive: [1, 0] }), /at least 0\.100 ms here/],
  ])("is honest about %s", (_, result, expected) => {
    expect(verdict(result)).toMatch(expected);
  });
});
