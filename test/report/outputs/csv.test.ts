import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { csv } from "../../../src/report/outputs/csv.js";
import { resultOf, withStrategies } from "../../support/bench-results.js";

/** Strict: as many fields in every row, quotes where they belong, lines that end as RFC 4180 has them. */
function read(text: string): Record<string, string>[] {
  return parse(text, { columns: true, record_delimiter: "\r\n" });
}

describe("the CSV output", () => {
  const result = resultOf({ unpooled: [2, 1], "unpooled@base": [1 / 3, null] });

  it("has a row for each figure of each contestant, and the same figures for all", () => {
    const rows = read(csv(result));
    const of = (name: string): unknown[] =>
      rows.filter((row) => row.name === name).map(({ metric }) => metric);
    expect(of("unpooled")).toEqual(of("unpooled@base"));
    expect(rows).toHaveLength(2 * of("unpooled").length);
    expect(of("unpooled")).toEqual(
      expect.arrayContaining(["latency_ms.p999", "throughput_per_second", "error_rate", "sockets_opened"]),
    );
  });

  it("keeps every digit of a figure and of its interval", () => {
    const row = read(csv(result)).find(
      ({ name, metric }) => name === "unpooled@base" && metric === "latency_ms.p50",
    );
    expect(row).toMatchObject({ strategy: "unpooled", unit: "ms", reason: "" });
    expect(Number(row?.value)).toBe(1 / 3);
    expect(Number(row?.low_95)).toBe((1 / 3) * 0.95);
    expect(Number(row?.high_95)).toBe((1 / 3) * 1.05);
  });

  it("leaves a figure that is not known empty, and says why", () => {
    const row = read(csv(result)).find(
      ({ name, metric }) => name === "unpooled@base" && metric === "connection_overhead_ms.p50",
    );
    expect(row).toMatchObject({
      value: "",
      low_95: "",
      high_95: "",
      reason: "the client opens its connections out of sight",
    });
  });

  it("keeps a reason with commas, quotes and lines in one field", () => {
    const reason = 'needs "1,000",\r\nhas\n3';
    const odd = withStrategies(result, { null_reasons: { "latency_ms.p999": reason } });
    const rows = read(csv(odd)).filter(({ metric }) => metric === "latency_ms.p999");
    expect(rows.map((row) => row.reason)).toEqual([reason, reason]);
  });

  it("counts failures and timeouts in the error rate, and knows none of nothing", () => {
    const failing = withStrategies(result, { operations: 60, errors: 30, timeouts: 10 }, "unpooled");
    const empty = withStrategies(failing, { operations: 0 }, "unpooled@base");
    const rates = read(csv(empty)).filter(({ metric }) => metric === "error_rate");
    expect(rates.map(({ value }) => value)).toEqual(["40", ""]);
  });
});
