import { describe, expect, it } from "vitest";
import type { StationarityResult, StrategyResult } from "../../src/bench/result.js";
import { notes } from "../../src/report/notes.js";
import { openLoop, resultOf, withStrategies } from "../support/bench-results.js";
import { strategyOf } from "../support/strategy-results.js";

const result = resultOf({ unpooled: [2.7, 2.5], keepalive: [0.17, 0.002] });

describe("notes on the load", () => {
  it("say what a closed loop does not show", () => {
    expect(notes(result, [])[0]).toMatch(/^Closed loop: .* --rate shows/);
  });

  it("give a remedy when workers were short, and a warning when operations never started", () => {
    const [waited, dropped] = notes(openLoop(result), []);
    expect(waited).toMatch(/unpooled 12 of 1,003, keepalive 12 of 1,003\. Raise --concurrency\.$/);
    expect(dropped).toMatch(/unpooled 3 of 1,003, keepalive 3 of 1,003\. .*latency is understated\.$/);
  });
});

describe("notes on the instrument", () => {
  it("name the strategies that it limited, and why", () => {
    const busy = {
      instrument_limited: true,
      instrument_limits: ["its event loop was busy 98 % of the time"],
    };
    expect(joined(withStrategies(result, busy, "keepalive"))).toContain(
      "The load process was the limit for keepalive: its event loop was busy 98 % of the time, so these figures",
    );
    expect(joined(withStrategies(result, busy))).toContain(
      "was the limit for unpooled, keepalive: its event",
    );
    expect(joined(result)).not.toContain("was the limit");
  });

  it("hint at a host without a processor to spare", () => {
    const instrument = (hostCpu: number): Partial<StrategyResult> => ({
      instrument: { event_loop_utilization: 0.5, cpu: 0.5, host_cpu: hostCpu, gc: 0, gc_max_ms: 0 },
    });
    expect(joined(withStrategies(result, instrument(0.96), "keepalive"))).toContain(
      "All processors of this host were busy during keepalive: the figures may include waiting",
    );
    expect(joined(withStrategies(result, instrument(0.95)))).not.toContain("All processors");
    expect(joined(withStrategies(result, { instrument: null }))).not.toContain("All processors");
  });
});

describe("notes on rounds that were not alike", () => {
  const steady = { first_round_differs: false, first_round_ratio: 1, drifts: false, trend_p: 0.5 };
  const noted = (change: Partial<StationarityResult>, rounds?: StrategyResult["rounds"]): string =>
    joined(
      withStrategies(
        result,
        { stationarity: { ...steady, ...change }, ...(rounds && { rounds }) },
        "keepalive",
      ),
    );

  it.each([
    [2.13, "keepalive: its first block was 2.1x slower than the others: raise --warmup."],
    [0.5, "keepalive: its first block was 2.0x faster than the others: raise --warmup."],
    [null, "keepalive: its first block was unlike the others: raise --warmup."],
  ])("a first block of %s times the others", (ratio, text) => {
    expect(noted({ first_round_differs: true, first_round_ratio: ratio })).toContain(text);
  });

  it("say which way medians went", () => {
    const rising = [1, 1.1, 1.05, 1.2, 1.3].flatMap((p50) =>
      strategyOf("keepalive", p50, 0).rounds.slice(0, 1),
    );
    expect(noted({ drifts: true }, rising)).toContain("keepalive: its medians rose during the run");
    expect(noted({ drifts: true }, rising.toReversed())).toContain("its medians fell during the run");
    expect(noted({ drifts: true })).toContain("its medians drifted during the run");
  });

  it("say nothing of rounds that were, and of none", () => {
    expect(joined(result)).not.toMatch(/block|medians/);
    expect(joined(withStrategies(result, { stationarity: null }))).not.toMatch(/block|medians/);
  });
});

function joined(given: typeof result): string {
  return notes(given, []).join("\n");
}
