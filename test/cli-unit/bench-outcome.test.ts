import { describe, expect, it } from "vitest";
import type { BenchResult, StrategyResult } from "../../src/bench/result.js";
import { outcomeOf } from "../../src/cli/bench-outcome.js";
import { TursoPoolError } from "../../src/core/errors.js";
import { gate, resultOf, withGates, withStrategies } from "../support/bench-results.js";

type Circumstances = Parameters<typeof outcomeOf>[1];

const CALM: Circumstances = {
  interrupted: undefined,
  serverLost: false,
  unwritten: [],
  onInconclusive: undefined,
};
const fine = resultOf({ client: [10, null], keepalive: [5, 0.1] });
const passed = withGates(fine, [gate()]);
const failed = withGates(fine, [gate(), gate({ verdict: "fail" })]);
const untold = withGates(fine, [gate(), gate({ verdict: "inconclusive", reason: "the limit lies within" })]);
const refused = withGates(fine, [
  gate({
    threshold: "ratio(…) > 1.01",
    verdict: "inconclusive",
    refused: true,
    reason: "takes 9,000 operations",
  }),
]);
const unwritten = [new TursoPoolError("INVALID_OPTION", "--output: x.json cannot be written")];

const code = (result: BenchResult, given: Partial<Circumstances> = {}): number =>
  outcomeOf(result, { ...CALM, ...given }).exitCode;

/** The same result where one contestant failed so often. */
function failing(result: BenchResult, errors: number, first: StrategyResult["first_error"]): BenchResult {
  return withStrategies(result, { operations: 10, errors, first_error: first }, "keepalive");
}

describe("a run ends with", () => {
  it.each([
    ["0 without gates", fine, {}, 0],
    ["0 when all gates passed", passed, {}, 0],
    ["99 when a gate failed", failed, {}, 99],
    ["75 when a gate could not tell", untold, {}, 75],
    ["0 when it could not and that may pass", untold, { onInconclusive: "pass" }, 0],
    ["99 when it could not and that is to fail", untold, { onInconclusive: "fail" }, 99],
    [
      "99 when one failed, whatever is said of those that cannot tell",
      failed,
      { onInconclusive: "pass" },
      99,
    ],
    ["3 when a gate was refused", refused, {}, 3],
    [
      "3 when a gate was refused, whatever is said of those that cannot tell",
      refused,
      { onInconclusive: "pass" },
      3,
    ],
    ["3 when an output could not be written", passed, { unwritten }, 3],
    ["2 when the server was lost", passed, { serverLost: true }, 2],
    ["130 when it was interrupted", passed, { interrupted: 130 }, 130],
    ["143 when it was told to end", passed, { interrupted: 143 }, 143],
  ] satisfies [string, BenchResult, Partial<Circumstances>, number][])("%s", (_, result, given, expected) => {
    expect(code(result, given)).toBe(expected);
  });

  it.each([
    ["AUTH_REJECTED", 1],
    ["SQL_ERROR", 1],
    ["SERVER_ERROR", 1],
    ["UNREACHABLE", 2],
    ["OPERATION_TIMEOUT", 2],
    ["OPEN_FAILED", 2],
  ] as const)("the status of %s when a contestant failed more often than not", (error, expected) => {
    expect(code(failing(fine, 11, { code: error, message: "no" }))).toBe(expected);
    expect(code(failing(fine, 10, { code: error, message: "no" }))).toBe(0);
  });

  it("the first of several that applies", () => {
    const broken = failing(failed, 100, { code: "SQL_ERROR", message: "no" });
    const all = { interrupted: 130, serverLost: true, unwritten };
    expect(code(broken, all)).toBe(130);
    expect(code(broken, { ...all, interrupted: undefined })).toBe(2);
    expect(code(broken, { unwritten })).toBe(1);
    expect(code(failed, { unwritten })).toBe(99);
    expect(code(passed, { unwritten })).toBe(3);
  });
});

describe("what is said", () => {
  it("is nothing of a run in which all went well", () => {
    expect(outcomeOf(passed, CALM)).toEqual({ exitCode: 0, warnings: [], errors: [] });
  });

  it("is a line for each contestant of which operations failed", () => {
    const { warnings } = outcomeOf(failing(fine, 2, { code: "SQL_ERROR", message: "no such table" }), CALM);
    expect(warnings).toEqual(["keepalive: 2 of 12 operations failed, the first with: no such table"]);
  });

  it("names what went wrong beside the figures", () => {
    const { errors } = outcomeOf(refused, { ...CALM, serverLost: true, unwritten });
    expect(errors).toEqual([
      "the embedded server ended in mid-run",
      "--output: x.json cannot be written",
      "ratio(…) > 1.01: refused: takes 9,000 operations",
    ]);
  });
});
