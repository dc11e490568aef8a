import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";
import { describe, expect, it } from "vitest";
import type { BenchResult } from "../../src/bench/result.js";
import { benchReport } from "../../src/report/bench-report.js";
import { PLAIN } from "../../src/report/style.js";
import { gate, openLoop, resultOf, withGates, withStrategies } from "../support/bench-results.js";

const names = ["unpooled", "client", "pool", "keepalive"] as const;
const sides = (suffix: "@base" | "@again"): Record<string, readonly [number, number]> =>
  Object.fromEntries(names.map((name) => [`${name}${suffix}`, [123.4, 98.7]]));
const plain = resultOf({ unpooled: [1_234, 987], client: [123, 0], pool: [123, 0], keepalive: [9.87, 1.23] });
const every = resultOf({
  unpooled: [1_234, 987],
  client: [0.17, 0],
  pool: [45.6, 1.2],
  keepalive: [9.87, 1.23],
  ...sides("@base"),
  ...sides("@again"),
});
const large = withStrategies(every, {
  operations: 1_234_567,
  errors: 1_234,
  throughput_per_second: 23_456,
  sockets_opened: 123_456,
});
const gates = [
  gate({ threshold: "reduction(unpooled@base, keepalive@base, connection_overhead_ms.p999) > 99.99%" }),
  gate({
    verdict: "inconclusive",
    reason: "a reason that goes on for longer than a line has room for ".repeat(3),
  }),
];

const reports: [string, BenchResult][] = [
  ["a closed loop", plain],
  ["every contestant", withGates(every, gates)],
  ["large figures", withGates(large, gates)],
  ["an open loop of every contestant", withGates(openLoop(large, 12_345), gates)],
  ["gaps", { ...plain, plan: { ...plain.plan, loop: "gap", gap_ms: 5_000 } }],
];

describe.each(reports)("the report of %s", (_, result) => {
  it.each([80, 100, 120])("has no line over %s columns", (columns) => {
    const wide = benchReport(result, PLAIN, columns)
      .split("\n")
      .filter((line) => line.length > columns);
    expect(wide).toEqual([]);
  });

  it.each([40, 80, 100])("is the same in colour, at %s columns", (columns) => {
    const coloured = benchReport(result, new Chalk({ level: 1 }), columns);
    expect(stripVTControlCharacters(coloured)).toBe(benchReport(result, PLAIN, columns));
  });
});
