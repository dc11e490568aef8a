import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { bencherMetricFormat } from "../../../src/report/outputs/bencher-metric-format.js";
import {
  customBiggerIsBetter,
  customSmallerIsBetter,
} from "../../../src/report/outputs/github-action-benchmark.js";
import { openLoop, resultOf, withStrategies } from "../../support/bench-results.js";

const ajv = new Ajv({ allErrors: true });

/** What the action's readme says of its custom tools. */
const isForTheAction = ajv.compile({
  type: "array",
  items: {
    type: "object",
    required: ["name", "unit", "value"],
    additionalProperties: false,
    properties: {
      name: { type: "string", minLength: 1 },
      unit: { type: "string", minLength: 1 },
      value: { type: "number" },
      range: { type: "string" },
      extra: { type: "string" },
    },
  },
});

/** What Bencher's reference says of its format; slugs of measures have 64 characters at most. */
const isForBencher = ajv.compile({
  type: "object",
  patternProperties: {
    "^.{1,1024}$": {
      type: "object",
      minProperties: 1,
      propertyNames: { pattern: "^[a-z0-9]+(-[a-z0-9]+)*$", maxLength: 64 },
      additionalProperties: {
        type: "object",
        required: ["value"],
        additionalProperties: false,
        properties: {
          value: { type: "number" },
          lower_value: { type: "number" },
          upper_value: { type: "number" },
        },
      },
    },
  },
  additionalProperties: false,
});

interface Entry {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  readonly range?: string;
  readonly extra?: string;
}

function entries(text: string): Entry[] {
  const found = JSON.parse(text) as Entry[];
  void isForTheAction(found);
  expect(isForTheAction.errors ?? []).toEqual([]);
  return found;
}

function bencher(text: string): Record<string, Record<string, unknown>> {
  const found = JSON.parse(text) as Record<string, Record<string, unknown>>;
  void isForBencher(found);
  expect(isForBencher.errors ?? []).toEqual([]);
  return found;
}

const names = (found: readonly Entry[]): string[] => found.map(({ name }) => name);

describe("the files for github-action-benchmark", () => {
  const result = resultOf({ unpooled: [2, 1], "unpooled@again": [2, 1], "unpooled@base": [3, 1] });

  it("hold what should be small in one and what should be great in the other", () => {
    const small = entries(customSmallerIsBetter(result));
    expect(names(small)).toEqual([
      "unpooled latency_ms.p50",
      "unpooled latency_ms.p95",
      "unpooled latency_ms.p99",
      "unpooled error_rate",
      "unpooled@base latency_ms.p50",
      "unpooled@base latency_ms.p95",
      "unpooled@base latency_ms.p99",
      "unpooled@base error_rate",
    ]);
    expect(small[0]).toEqual({
      name: "unpooled latency_ms.p50",
      unit: "ms",
      value: 2,
      range: "95% interval 1.90 to 2.10 ms",
      extra: "1000 operations, 0 failed",
    });
    const great = entries(customBiggerIsBetter(result));
    expect(great.map(({ name, unit, value }) => [name, unit, value])).toEqual([
      ["unpooled throughput_per_second", "ops/s", 500],
      ["unpooled@base throughput_per_second", "ops/s", 1_000 / 3],
    ]);
  });

  it("leave out what is not known, and all but the failures of what mostly failed", () => {
    const latency_ms = { ...result.strategies[0]?.latency_ms, p99: null } as never;
    const few = withStrategies(result, { latency_ms, throughput_per_second: null }, "unpooled");
    const failed = withStrategies(few, { operations: 1, errors: 9 }, "unpooled@base");
    expect(names(entries(customSmallerIsBetter(failed)))).toEqual([
      "unpooled latency_ms.p50",
      "unpooled latency_ms.p95",
      "unpooled error_rate",
      "unpooled@base error_rate",
    ]);
    expect(entries(customBiggerIsBetter(failed))).toEqual([]);
  });

  it("say when the figures are those of the load process, or of a part of the run", () => {
    const limited = { ...withStrategies(result, { instrument_limited: true }), interrupted: true };
    expect(entries(customBiggerIsBetter(limited))[0]?.extra?.split("\n").slice(1)).toEqual([
      "the load process was the limit",
      "interrupted, so partial",
    ]);
  });
});

describe("the file for Bencher", () => {
  it("has a benchmark for each contestant, in nanoseconds and operations per second, with intervals", () => {
    const found = bencher(bencherMetricFormat(resultOf({ unpooled: [2, 1], "unpooled@again": [2, 1] })));
    expect(Object.keys(found)).toEqual(["turso-pool unpooled"]);
    expect(found["turso-pool unpooled"]).toEqual({
      latency: { value: 2e6, lower_value: 1.9e6, upper_value: 2.1e6 },
      "latency-p95": { value: 4e6, lower_value: 3.8e6, upper_value: 4.2e6 },
      "latency-p99": { value: 8e6, lower_value: 7.6e6, upper_value: 8.4e6 },
      "connection-overhead": { value: 1e6, lower_value: 0.95e6, upper_value: 1.05e6 },
      throughput: { value: 500, lower_value: 475, upper_value: 525 },
      "error-rate": { value: 0 },
    });
  });

  it("leaves out what is not known, and a contestant of which nothing is", () => {
    const unseen = withStrategies(openLoop(resultOf({ client: [1, null], pool: [1, 0] })), (one) =>
      one.name === "pool" ? { operations: 0, errors: 0, timeouts: 0 } : { intervals_95: {} },
    );
    const found = bencher(bencherMetricFormat(unseen));
    expect(Object.keys(found)).toEqual(["turso-pool client"]);
    expect(Object.keys(found["turso-pool client"] ?? {})).not.toContain("connection-overhead");
    expect(found["turso-pool client"]?.latency).toEqual({ value: 1e6 });
  });
});
