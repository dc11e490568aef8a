import { decodeFromCompressedBase64, type Histogram } from "hdr-histogram-js";
import { expect, it } from "vitest";
import type { StrategyResult } from "../../../src/bench/result.js";
import { hgrm } from "../../../src/report/outputs/hgrm.js";
import { openLoop, resultOf } from "../../support/bench-results.js";

const NS_PER_MS = 1e6;

interface Line {
  readonly value: number;
  readonly quantile: number;
  readonly count: number;
}

/** Reads the file as HdrHistogram's plotter does: a line is data when it is four columns of numbers, or three. */
function read(text: string): { lines: Line[]; footer: Map<string, number> } {
  const lines = text
    .split("\n")
    .map((line) => /^ *(\d+\.\d+) +([01]\.\d+) +(\d+)(?: +(?:\d+\.\d+|Infinity|inf))? *$/.exec(line))
    .filter((found) => found !== null)
    .map(([, value, quantile, count]) => ({
      value: Number(value),
      quantile: Number(quantile),
      count: Number(count),
    }));
  const footer = [...text.matchAll(/(\w[\w ]*?) *= *([\d.]+)/g)];
  return { lines, footer: new Map(footer.map(([, name = "", value]) => [name, Number(value)])) };
}

/** The rounds of the JSON output put together by HdrHistogram's own code. */
function whole({ rounds }: StrategyResult): Histogram {
  const [first, ...others] = rounds.map(({ latency_hdr }) => decodeFromCompressedBase64(latency_hdr, 64));
  if (first === undefined) throw new Error("no rounds");
  for (const other of others) first.add(other);
  return first;
}

it.each([
  ["a closed loop", resultOf({ keepalive: [3, 0] })],
  ["an open loop, corrected", openLoop(resultOf({ keepalive: [3, 0] }))],
])("the percentiles of %s are those of all its rounds, in milliseconds", (_, result) => {
  const [strategy] = result.strategies;
  if (strategy === undefined) throw new Error("no strategy");
  const { lines, footer } = read(hgrm(strategy));
  const expected = whole(strategy);
  expect(lines.length).toBeGreaterThan(20);
  for (const { value, quantile } of lines) {
    const there = expected.getValueAtPercentile(quantile * 100) / NS_PER_MS;
    expect(Math.abs(value - there) / there).toBeLessThan(0.002);
  }
  expect(lines.at(-1)).toMatchObject({ quantile: 1, count: 1_000 });
  expect(footer.get("Total count")).toBe(1_000);
  expect(footer.get("Max")).toBeCloseTo(expected.maxValue / NS_PER_MS, 1);
});

it("the percentiles of nothing are a file without any", () => {
  const [strategy] = resultOf({ keepalive: [3, 0] }).strategies;
  if (strategy === undefined) throw new Error("no strategy");
  const { lines, footer } = read(hgrm({ ...strategy, rounds: [] }));
  expect(lines).toEqual([]);
  expect(footer.get("Total count")).toBe(0);
});
