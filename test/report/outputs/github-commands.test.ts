import { describe, expect, it } from "vitest";
import { githubCommands } from "../../../src/report/outputs/github-commands.js";
import { gate, resultOf, withGates, withStrategies } from "../../support/bench-results.js";

const result = resultOf({ keepalive: [1, 0] });

describe("annotations for a GitHub workflow", () => {
  it("are none when all is well", () => {
    expect(githubCommands(withGates(result, [gate()]))).toEqual([]);
  });

  it("are an error for a gate that failed and a warning for one that is inconclusive", () => {
    const failed = gate({ verdict: "fail", value: 6, interval: { low: 5.8, high: 6.2 } });
    const unclear = gate({ verdict: "inconclusive", reason: "too few rounds", interval: null });
    expect(githubCommands(withGates(result, [unclear, failed]))).toEqual([
      "::error title=turso-pool%3A gate failed::keepalive.latency_ms.p95 < 5ms: 6 ms (95%25 interval 5.80 to 6.20 ms), and the limit is < 5 ms",
      "::warning title=turso-pool%3A inconclusive::keepalive.latency_ms.p95 < 5ms: 4 ms, and the limit is < 5 ms: too few rounds",
    ]);
  });

  it("warn of what makes the figures less than they seem", () => {
    const odd = withStrategies(result, {
      instrument_limited: true,
      instrument_limits: ["its event loop was busy 99% of the time"],
      stationarity: { first_round_differs: true, first_round_ratio: 1.4, drifts: true, trend_p: 0.01 },
    });
    const messages = githubCommands({ ...odd, interrupted: true }).map(
      (line) => /^::warning title=turso-pool::(.*)$/.exec(line)?.[1],
    );
    expect(messages).toHaveLength(4);
    expect(messages).toEqual([
      expect.stringContaining("interrupted"),
      expect.stringContaining("the limit for keepalive: its event loop was busy 99%25 of the time"),
      expect.stringMatching(/^keepalive: .*first.*1\.40x/),
      expect.stringMatching(/^keepalive: its medians/),
    ]);
  });

  it("stay one line each, whatever a gate says", () => {
    const odd = gate({ verdict: "fail", threshold: "50%,\r\n::stop-commands::x", reason: null });
    const lines = githubCommands(withGates(result, [odd]));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^::error title=[^:,\r\n]*::50%25,%0D%0A::stop-commands::x: [^\r\n]*$/);
  });

  it("are no more than GitHub shows, and say how many more there are", () => {
    const failed = Array.from({ length: 12 }, () => gate({ verdict: "fail" }));
    const lines = githubCommands(withGates(result, failed));
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe("::error title=turso-pool::and 3 more: see the summary");
    expect(githubCommands(withGates(result, failed.slice(2)))).toHaveLength(10);
  });
});
