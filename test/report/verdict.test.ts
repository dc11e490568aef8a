import { describe, expect, it } from "vitest";
import { benchReport } from "../../src/report/bench-report.js";
import { PLAIN } from "../../src/report/style.js";
import { verdict } from "../../src/report/verdict.js";
import type { BenchResult } from "../../src/bench/result.js";
import { openLoop, resultOf, withStrategies } from "../support/bench-results.js";

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

describe("the sentence after gaps", () => {
  it("says what keep-alive saves against a shared client", () => {
    expect(verdict(afterGaps(resultOf({ client: [12.5, 0], keepalive: [0.3, 0] })))).toBe(
      "After a gap of 5 s an operation takes 12.5 ms on one shared client and 0.300 ms with keep-alive, which saves 12.2 ms (98%): it is 42x (95% interval 40x to 43x) as fast at the median.",
    );
  });

  it("says that it saves nothing when the client's connection outlived them", () => {
    expect(verdict(afterGaps(resultOf({ client: [0.3, 0], keepalive: [0.3, 0] })))).toBe(
      "After a gap of 5 s keep-alive saves nothing to speak of at the median: the shared client's connection outlived every gap.",
    );
  });

  it("makes no guess at the reason when sockets were opened", () => {
    const result = withStrategies(resultOf({ client: [0.3, 0], keepalive: [0.3, 0] }), { sockets_opened: 1 });
    expect(verdict(afterGaps(result))).toMatch(/at the median\.$/);
  });

  it("says when keep-alive is slower, and when nothing can be told", () => {
    const slower = resultOf({ client: [0.3, 0], keepalive: [0.6, 0] });
    expect(verdict(afterGaps(slower))).toMatch(/slower than one shared client at the median: 2\.0x/);
    const comparisons = slower.comparisons.map((one) => ({ ...one, ratio_interval_95: null }));
    expect(verdict(afterGaps({ ...slower, comparisons }))).toMatch(/can't be told/);
  });

  it("asks for the two strategies that it takes", () => {
    expect(verdict(afterGaps(resultOf({ unpooled: [2, 1], keepalive: [1, 0] })))).toMatch(
      /^Run client and keepalive/,
    );
  });
});

describe("the sentence on an open loop", () => {
  it("compares latency at the median and at P95, and not throughput", () => {
    const result = openLoop(resultOf({ unpooled: [2.7, 2.5], client: [0.17, 0], keepalive: [0.17, 0] }), 200);
    expect(verdict(result)).toBe(
      "At 200/s, keepalive against a new connection for each operation: 16x (95% interval 15x to 17x) as fast at the median, 16x (95% interval 15x to 17x) as fast at P95. And keepalive against one shared client: no difference to speak of at the median, no difference to speak of at P95.",
    );
  });

  it("does without one that did not run", () => {
    expect(verdict(openLoop(resultOf({ client: [2, 0], pool: [1, 0] })))).toMatch(
      /^At 100\/s, pool against one shared client: 2\.0x .* at P95\.$/,
    );
    expect(verdict(openLoop(resultOf({ keepalive: [1, 0] })))).toMatch(/^A bare statement/);
  });

  it("says what is slower", () => {
    expect(verdict(openLoop(resultOf({ unpooled: [1, 0], keepalive: [2, 0] })))).toMatch(
      /slower by a factor of 2\.0x \(95% interval .*\) at the median/,
    );
  });
});

it("takes the plain strategies, and neither the second database nor a twin", () => {
  const result = resultOf({
    "unpooled@base": [10, 8],
    "keepalive@base": [9, 0],
    unpooled: [10, 8],
    keepalive: [2, 0],
    "keepalive@again": [9, 0],
  });
  expect(verdict(result)).toMatch(/reusing one is 5\.0x/);
  expect(verdict(withStrategies(result, { operations: 3 }, "keepalive@again"))).toMatch(
    /reusing one is 5\.0x/,
  );
});

function afterGaps(result: BenchResult): BenchResult {
  return {
    ...withStrategies(result, { throughput_per_second: null }),
    plan: { ...result.plan, loop: "gap", gap_ms: 5_000 },
  };
}
