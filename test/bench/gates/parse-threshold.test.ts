import { describe, expect, it } from "vitest";
import { parseThreshold } from "../../../src/bench/gates/parse-threshold.js";
import type { Expression } from "../../../src/bench/gates/threshold.js";
import type { MetricName } from "../../../src/bench/metrics.js";
import { TursoPoolError } from "../../../src/core/errors.js";

function refusal(text: string): TursoPoolError {
  try {
    parseThreshold(text);
  } catch (error) {
    if (error instanceof TursoPoolError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe("a threshold", () => {
  const figure = (contestant: string, metric: MetricName): Expression => ({
    kind: "figure",
    contestant,
    metric,
  });
  const compared = (kind: "ratio" | "reduction", of: string, to: string): Expression => ({
    kind,
    of,
    to,
    metric: "latency_ms.p95",
  });

  it.each([
    ["keepalive.latency_ms.p95 < 10ms", figure("keepalive", "latency_ms.p95"), "<", 10, "ms"],
    ["keepalive@base.latency_ms.mean<=1.5s", figure("keepalive@base", "latency_ms.mean"), "<=", 1_500, "ms"],
    [
      "pool.connection_overhead_ms.p99 < 50 us",
      figure("pool", "connection_overhead_ms.p99"),
      "<",
      0.05,
      "ms",
    ],
    ["pool.latency_ms.p50 < 50\u00b5s", figure("pool", "latency_ms.p50"), "<", 0.05, "ms"],
    ["pool.latency_ms.p50 < 50\u03bcs", figure("pool", "latency_ms.p50"), "<", 0.05, "ms"],
    ["pool.latency_ms.p50 < 700ns", figure("pool", "latency_ms.p50"), "<", 0.0007, "ms"],
    ["pool.latency_ms.p50 < 1.005s", figure("pool", "latency_ms.p50"), "<", 1_005, "ms"],
    ["pool.latency_ms.p99.9 < 1s", figure("pool", "latency_ms.p999"), "<", 1_000, "ms"],
    [
      "client.throughput_per_second >= 1000/s",
      figure("client", "throughput_per_second"),
      ">=",
      1_000,
      "per_second",
    ],
    ["client.error_rate <= 0%", figure("client", "error_rate"), "<=", 0, "percent"],
    [
      "ratio(client, keepalive, latency_ms.p95) > 1",
      compared("ratio", "client", "keepalive"),
      ">",
      1,
      "factor",
    ],
    ["ratio(client,pool,latency_ms.p95)>1.2x", compared("ratio", "client", "pool"), ">", 1.2, "factor"],
    [
      "reduction(unpooled, keepalive, latency_ms.p95) > 80%",
      compared("reduction", "unpooled", "keepalive"),
      ">",
      80,
      "percent",
    ],
    [
      "reduction ( a@base , a , latency_ms.p95 ) >= -5 %",
      compared("reduction", "a@base", "a"),
      ">=",
      -5,
      "percent",
    ],
  ] as const)("reads %j", (text, expression, operator, limit, unit) => {
    expect(parseThreshold(text)).toEqual({ text, expression, operator, limit, unit });
  });

  it("keeps its text on one line", () => {
    expect(parseThreshold(" pool.error_rate\n  <\t1% \u2028").text).toBe("pool.error_rate < 1%");
  });

  it("reads a strategy that has the name of a function", () => {
    expect(parseThreshold("ratio.error_rate < 1%").expression).toMatchObject({ contestant: "ratio" });
  });
});

describe("a malformed threshold", () => {
  const unit = "the limit needs a unit: write";
  it.each([
    // The operator.
    ["keepalive.latency_ms.p95 = 10ms", 26, 'expected <, <=, > or >=, found "="'],
    ["keepalive.latency_ms.p95 == 10ms", 26, 'expected <, <=, > or >=, found "=="'],
    ["keepalive.latency_ms.p95 != 10ms", 26, 'expected <, <=, > or >=, found "!="'],
    ["keepalive.latency_ms.p95 <> 10ms", 26, 'expected <, <=, > or >=, found "<>"'],
    ["keepalive.latency_ms.p95 ≤ 10ms", 26, 'expected <, <=, > or >=, found "≤"'],
    ["keepalive.latency_ms.p95 10ms", 26, 'expected <, <=, > or >=, found "10ms"'],
    ["keepalive.latency_ms.p95", 25, "expected <, <=, > or >=, found the end"],
    // What is compared.
    ["", 1, "expected a strategy, ratio(…) or reduction(…), found the end"],
    ["< 10ms", 1, 'expected a strategy, ratio(…) or reduction(…), found "<"'],
    ["latency_ms.p95 < 10ms", 1, 'expected a strategy, found the metric "latency_ms"'],
    ["Keepalive.error_rate < 1%", 1, '"Keepalive" is not a name such as keepalive or keepalive@base'],
    ["keep-alive.error_rate < 1%", 5, '"keep-alive" is not a name such as keepalive or keepalive@base'],
    ["pool@.error_rate < 1%", 6, '"pool@" is not a name such as keepalive or keepalive@base'],
    ["pool@a@b.error_rate < 1%", 7, '"pool@a@b" is not a name such as keepalive or keepalive@base'],
    ["pool < 1%", 6, 'expected ".", found "<"'],
    ["pool.", 6, "expected a metric such as latency_ms.p95, found the end"],
    // Comparisons.
    ["diff(client, pool, latency_ms.p95) > 1", 1, 'expected ratio or reduction before "(", found "diff"'],
    ["ratio > 1", 7, 'expected "(", found ">"'],
    ["ratio(client pool, latency_ms.p95) > 1", 14, 'expected ",", found "pool"'],
    ["ratio(client.latency_ms.p95, pool) > 1", 13, 'expected ",", found ".latency_ms.p95"'],
    ["ratio(client, pool, latency_ms.p95 > 1", 36, 'expected ")", found ">"'],
    ["ratio(pool, pool, latency_ms.p95) > 1", 13, 'expected another strategy, found "pool" again'],
    [
      "reduction(client, pool, error_rate) > 1%",
      25,
      "there is no reduction of error_rate, which is often 0; write pool.error_rate < 1%",
    ],
    // The limit.
    ["pool.latency_ms.p95 < 10", 25, `${unit} 10ms or 10s`],
    ["pool.throughput_per_second > 1000", 34, `${unit} 1000/s`],
    ["pool.error_rate < 1", 20, `${unit} 1%`],
    ["reduction(client, pool, latency_ms.p95) > 0.8", 46, `${unit} 0.8%, or 80% if 0.8 was a share of 1`],
    ["pool.latency_ms.p95 < 10%", 25, 'expected ns, us, µs, ms or s, as in 10ms, found "%"'],
    ["pool.latency_ms.p95 < 10MS", 25, 'expected ns, us, µs, ms or s, as in 10ms, found "MS"'],
    ["pool.throughput_per_second > 1k/s", 31, 'expected /s, as in 1000/s, found "k/s"'],
    ["pool.error_rate < 1ms", 20, 'expected %, as in 80%, found "ms"'],
    [
      "ratio(client, pool, latency_ms.p95) > 120%",
      42,
      'expected a plain factor, as in 1.2 or 1.2x, found "%"',
    ],
    ["pool.latency_ms.p95 <", 22, "expected a limit such as 10ms, found the end"],
    ["pool.latency_ms.p95 < ms", 23, 'expected a limit such as 10ms, found "ms"'],
    ["pool.latency_ms.p95 < -1ms", 23, "only the limit of a reduction can be below 0"],
    ["pool.latency_ms.p95 < 1_000ms", 24, '"1_000" is not a plain number such as 10 or 0.5'],
    ["pool.latency_ms.p95 < 1e3ms", 24, '"1e3" is not a plain number such as 10 or 0.5'],
    ["pool.latency_ms.p95 < .5ms", 23, '".5" is not a plain number such as 10 or 0.5'],
    ["pool.latency_ms.p95 < 1.2.3ms", 26, '"1.2.3" is not a plain number such as 10 or 0.5'],
    [`pool.latency_ms.p95 < ${"9".repeat(400)}ms`, 23, "the number is too large"],
    ["pool.error_rate < 101%", 19, "a share of operations is never above 100%"],
    ["reduction(client, pool, latency_ms.p95) > 101%", 43, "a reduction is never above 100%"],
    ["pool.latency_ms.p95 < 10ms, pool", 27, 'expected nothing after the limit, found ","'],
    ["pool.latency_ms.p95 < 10ms && x", 28, 'expected nothing after the limit, found "&"'],
  ])("%j is refused at character %i", (text, character, problem) => {
    const { code, message } = refusal(text);
    expect(code).toBe("INVALID_OPTION");
    expect(message).toMatch(/^--threshold: …?"/);
    expect(message.endsWith(` at character ${character}: ${problem}`), message).toBe(true);
  });

  it("is quoted whole", () => {
    expect(refusal("keepalive.latency_ms.p95 = 10ms").message).toBe(
      '--threshold: "keepalive.latency_ms.p95 = 10ms" at character 26: expected <, <=, > or >=, found "="',
    );
  });

  it("is called by the name of the option that it came from", () => {
    expect(() => parseThreshold("", "thresholds[2]")).toThrow(/^thresholds\[2\]: "" at character 1: /);
  });

  it("is shown around the character when it is long", () => {
    const { message } = refusal(`${" ".repeat(300)}pool.latency_ms.p95 = 10ms${"!".repeat(300)}`);
    expect(message).toMatch(/^--threshold: …" +pool\.latency_ms\.p95 = 10ms!+"… at character 321: /);
    expect(message.length).toBeLessThan(200);
  });

  it("is counted in characters, not in halves of them", () => {
    expect(refusal("pool.\u{1f600}").message).toContain('found "\u{1f600}"');
    expect(refusal("pool.error_rate < 1%\u{1f600}").message).toContain("at character 21");
  });

  it.each(["\u001b[31mpool", "pool\u0007", "pool\u009b", "\u202epool", "pool\u0000"])(
    "%j does not reach the terminal as it is",
    (text) => {
      expect(refusal(text).message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    },
  );

  it("on one strategy twice tells of --calibrate", () => {
    expect(refusal("ratio(pool, pool, latency_ms.p95) > 1").hint).toMatch(/--calibrate/);
  });
});

describe("an unknown metric", () => {
  it.each([
    ["pool.latncy_ms.p95 < 1ms", 6, 'unknown metric "latncy_ms.p95"; did you mean latency_ms.p95?'],
    ["pool.Latency_ms.p95 < 1ms", 6, 'unknown metric "Latency_ms.p95"; did you mean latency_ms.p95?'],
    ["pool.latency.p95 < 1ms", 6, 'unknown metric "latency.p95"; did you mean latency_ms.p95?'],
    ["pool.error-rate < 1%", 6, 'unknown metric "error-rate"; did you mean error_rate?'],
    ["pool.throughput > 1/s", 6, 'unknown metric "throughput"; did you mean throughput_per_second?'],
    ["pool.size > 1", 6, 'unknown metric "size"'],
  ])("in %j is named at character %i", (text, character, problem) => {
    const { message, hint } = refusal(text);
    expect(message.endsWith(` at character ${character}: ${problem}`), message).toBe(true);
    expect(hint).toBe(
      "Metrics: latency_ms, service_latency_ms, connection_overhead_ms, " +
        "each with .mean .p50 .p75 .p90 .p95 .p99 .p999; throughput_per_second, error_rate.",
    );
  });

  const list = "mean, p50, p75, p90, p95, p99, p999";
  it.each([
    [
      "pool.latency_ms.max < 1ms",
      17,
      `latency_ms.max cannot be gated: an extreme has no interval; there are ${list}`,
    ],
    [
      "pool.service_latency_ms.min < 1ms",
      25,
      `service_latency_ms.min cannot be gated: an extreme has no interval; there are ${list}`,
    ],
    ["pool.latency_ms.p80 < 1ms", 17, `latency_ms has no statistic "p80"; there are ${list}`],
    ["pool.latency_ms < 1ms", 16, `latency_ms needs a statistic: ${list}`],
  ])("in %j is refused at character %i with what its family has", (text, character, problem) => {
    const { message } = refusal(text);
    expect(message.endsWith(` at character ${character}: ${problem}`), message).toBe(true);
  });
});
