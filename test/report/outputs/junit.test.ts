import fc from "fast-check";
import { parse, type TestSuite } from "junit2json";
import { describe, expect, it } from "vitest";
import { validateXML } from "xmllint-wasm";
import type { BenchResult } from "../../../src/bench/result.js";
import { junit } from "../../../src/report/outputs/junit.js";
import { gate, resultOf, withGates } from "../../support/bench-results.js";

/** Has libxml2 look whether it is XML at all, and a reader of JUnit's files read it. */
async function read(text: string): Promise<TestSuite> {
  const { valid, errors } = await validateXML({ xml: text, normalization: "format" });
  expect(errors).toEqual([]);
  expect(valid).toBe(true);
  const found = await parse(text);
  if (found == null || !("testsuite" in found)) throw new Error("no test suites");
  const [suite] = found.testsuite ?? [];
  if (suite === undefined) throw new Error("no test suite");
  return suite;
}

const result = resultOf({ keepalive: [1, 0] });
const passed = gate();
const failed = gate({ verdict: "fail", value: 6, interval: { low: 5.8, high: 6.2 } });
const unclear = gate({
  source: "regression",
  threshold: "keepalive latency_ms.p50 < 5% worse than the baseline",
  unit: "percent",
  verdict: "inconclusive",
  reason: "the interval has the limit in it",
  interval: { low: 4.5, high: 5.5 },
});

describe("the JUnit output", () => {
  it("has a case for each gate: failures say by how much, what is inconclusive is skipped and says why", async () => {
    const suite = await read(junit(withGates(result, [passed, failed, unclear])));
    expect(suite).toMatchObject({ name: "turso-pool bench", tests: 3, failures: 1, errors: 0, skipped: 1 });
    const [first, second, third] = suite.testcase ?? [];
    expect(first).toEqual({ classname: "threshold", name: "keepalive.latency_ms.p95 < 5ms" });
    const finding = "6 ms (95% interval 5.80 to 6.20 ms), and the limit is < 5 ms";
    expect(second?.failure).toEqual([
      { message: finding, type: "threshold", inner: `keepalive.latency_ms.p95 < 5ms: ${finding}` },
    ]);
    expect(third?.classname).toBe("regression");
    expect(third?.skipped?.[0]?.message).toBe(
      "4% (95% interval 4.50% to 5.50%), and the limit is < 5%: the interval has the limit in it",
    );
  });

  it("names target, host and seed", async () => {
    const { properties } = await read(junit(withGates(result, [passed])));
    expect(properties).toEqual([
      { name: "target", value: "wss://db.example" },
      { name: "host", value: "linux x64, 2 × cpu, Node v20" },
      { name: "seed", value: 7 },
    ]);
  });

  it("is a suite of no cases without gates", async () => {
    expect(await read(junit(result))).toMatchObject({ tests: 0, failures: 0, skipped: 0 });
  });

  it("says that a figure was not measured", async () => {
    const none = gate({ value: null, interval: null, verdict: "inconclusive", reason: "too few rounds" });
    const { testcase } = await read(junit(withGates(result, [none])));
    expect(testcase?.[0]?.skipped?.[0]?.message).toBe(
      "not measured, and the limit is < 5 ms: too few rounds",
    );
  });

  it("keeps whatever text XML can hold, and leaves the rest out", async () => {
    const texts = fc
      .sample(fc.string({ unit: "binary", maxLength: 40 }), 200)
      .map((text) => `<&"'\n\t${text}\u0000\u001b\uffff\ud800]]>`);
    const gates = texts.map((text) => ({ ...failed, threshold: text, reason: text }));
    const target: BenchResult["target"] = { ...result.target, url: texts[0] ?? "" };
    const { testcase, properties } = await read(junit({ ...withGates(result, gates), target }));
    const kept = texts.map((text) =>
      text.replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, ""),
    );
    expect(testcase?.map(({ name }) => name)).toEqual(kept);
    expect(properties?.[0]?.value).toBe(kept[0]);
  });
});
