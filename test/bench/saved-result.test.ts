import { describe, expect, it } from "vitest";
import type { BenchResult } from "../../src/bench/result.js";
import { checkWhole, parseSavedResult } from "../../src/bench/saved-result.js";
import { RESULT_SCHEMA, savedResult } from "../support/saved-results.js";

const saved = savedResult({ client: [0.2, null], keepalive: [0.17, 0.002] });
const read = (text: string): BenchResult => parseSavedResult(text, "base.json", RESULT_SCHEMA);

/** What the refusal of a text says: message, then hint. */
function refusal(text: string): [message: string, hint: string | undefined] {
  try {
    read(text);
  } catch (error) {
    expect(error).toMatchObject({ code: "INVALID_OPTION" });
    const { message, hint } = error as Error & { hint?: string };
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    return [message, hint];
  }
  throw new Error("it was not refused");
}

/** The saved result as text, with another value at a path; `undefined` takes it away. */
function put(path: string, value: unknown): string {
  const document: unknown = JSON.parse(JSON.stringify(saved));
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const place = keys.reduce((part, key) => (part as Record<string, unknown>)[key], document);
  (place as Record<string, unknown>)[last] = value;
  return JSON.stringify(document);
}

const AGAIN = "Measure it again with bench --output result.json.";
const SAVE = "Save one with bench --output result.json.";

describe("a saved result", () => {
  it("is read as it was saved", () => {
    expect(read(JSON.stringify(saved))).toEqual(saved);
    expect(read(`\uFEFF${JSON.stringify(saved, null, 2)}\n`)).toEqual(saved);
  });

  it.each([
    ["", "it is empty"],
    [" \n\t", "it is empty"],
    ["strategy  ops\n", 'it is not JSON: "s" is out of place at line 1, column 1'],
    ['{"a": 1,\n "b" 2}', 'it is not JSON: "2" is out of place at line 2, column 6'],
    ['{"a": 1} x', 'it is not JSON: "x" is out of place at line 1, column 10'],
    ['{"a": "x\ny"}', 'it is not JSON: "\\n" is out of place at line 1, column 9'],
    ['{"a": 1, "b', "it looks cut off: it ends in the middle of something, at line 1, column 12"],
    ['{"a": tru', "it looks cut off: it ends in the middle of something, at line 1, column 10"],
    ['{"a":\n[{}\n', "it looks cut off: it ends in the middle of something, at line 2, column 4"],
  ])("is refused when it is not JSON: %j", (text, what) => {
    expect(refusal(text)).toEqual([`base.json: ${what}`, AGAIN]);
  });

  it("is refused wherever it is cut off", () => {
    const text = JSON.stringify(saved, null, 2);
    for (let at = 1; at < text.length; at += 997) {
      expect(refusal(text.slice(0, at))[0]).toMatch(/^base\.json: it looks cut off: /);
    }
  });

  it.each([
    [[saved], "it is not a result of bench, but a list"],
    [null, "it is not a result of bench, but null"],
    [7, "it is not a result of bench, but a number"],
    [{}, "it is not a result of bench"],
    [{ command: "serve\n\u001b[31m" }, "it is from serve [31m, not a result of bench"],
    [
      { schema_version: 1, command: "bench", error: { code: "UNREACHABLE", message: "no", hint: null } },
      "it holds an error (UNREACHABLE), not a result of bench",
    ],
  ])("is refused when it is something else: %j", (document, what) => {
    expect(refusal(JSON.stringify(document))).toEqual([`base.json: ${what}`, SAVE]);
  });

  it.each([
    [1, "it has schema version 1, and this turso-pool reads version 2", AGAIN],
    [
      9,
      "it has schema version 9, and this turso-pool reads version 2",
      `Update turso-pool, or m${AGAIN.slice(1)}`,
    ],
    ["2", "it has no schema version, and this turso-pool reads version 2", AGAIN],
    [undefined, "it has no schema version, and this turso-pool reads version 2", AGAIN],
  ])("is refused when its schema has version %j", (version, what, hint) => {
    expect(refusal(put("schema_version", version))).toEqual([`base.json: ${what}`, hint]);
  });

  it.each([
    ["plan.rounds", undefined, "plan.rounds is missing"],
    ["plan.rounds", "10", 'plan.rounds: "10" must be integer'],
    ["plan.loop", "round", 'plan.loop: "round" is none of closed, open, gap'],
    ["plan.extra", 1, "plan.extra is not part of a result"],
    ["started_at", "yesterday", 'started_at: "yesterday" must match format "date-time"'],
    ["strategies.1.rounds.2.operations", -1, "strategies[1].rounds[2].operations: -1 must be >= 0"],
    ["strategies.0.latency_ms", [], "strategies[0].latency_ms: a list must be object"],
    ["strategies.0.rounds.0.latency_hdr", "", "strategies[0].rounds[0].latency_hdr: "],
  ])("is refused when its shape does not fit: %s = %j", (path, value, what) => {
    const [message, hint] = refusal(put(path, value));
    expect(message).toContain(`base.json: it is damaged: ${what}`);
    expect(hint).toBe(AGAIN);
  });

  it.each([
    ["latency_hdr", "HISTFAAAAB", "latency_hdr is no HDR histogram"],
    ["latency_hdr", "AAAA", "latency_hdr is no HDR histogram"],
    ["service_latency_hdr", "HISTFAAAAEV42", "service_latency_hdr is no HDR histogram"],
    [
      "latency_hdr",
      savedResult({ client: [1, 0] }, { rounds: 1 }).strategies[0]?.rounds[0]?.latency_hdr.slice(0, -8),
      "latency_hdr is no HDR histogram",
    ],
    ["operations", 99, "latency_hdr has 100 durations for 99 operations"],
    ["operations", 101, "latency_hdr has 100 durations for 101 operations"],
  ])("is refused when a histogram does not belong to its round: %s = %j", (key, value, what) => {
    const [message] = refusal(put(`strategies.1.rounds.3.${key}`, value));
    expect(message).toBe(`base.json: it is damaged: strategies[1].rounds[3].${what}`);
  });

  it("is refused when its parts contradict each other", () => {
    expect(refusal(put("strategies.0.operations", 7))[0]).toContain(
      "strategies[0].operations: there are 7, but 1000 in its rounds",
    );
    expect(refusal(put("strategies.1", saved.strategies[0]))[0]).toContain(
      "strategies[1].name: there are two of client",
    );
    expect(refusal(put("strategies.1.strategy", "pool"))[0]).toContain(
      "strategies[1].strategy: keepalive is not of strategy pool",
    );
  });

  it("may be of an interrupted run, but others are not measured by it then", () => {
    const interrupted = read(put("interrupted", true));
    expect(interrupted.interrupted).toBe(true);
    expect(() => checkWhole(interrupted, "--baseline: base.json")).toThrow(
      /^--baseline: base\.json: its run was interrupted/,
    );
    expect(checkWhole(saved, "base.json")).toBe(saved);
  });
});
