import { describe, expect, it } from "vitest";
import { outcomeOf } from "../../src/cli/stats-outcome.js";
import { alertsOf } from "../../src/monitor/health.js";
import type { StatsResult } from "../../src/watch/result.js";
import { snapshotWith } from "../support/snapshots.js";
import { LOAD, statsResult } from "../support/stats-results.js";

const alerts = alertsOf(snapshotWith({ statistics: { total_timeouts: 3 } }), { leakThreshold: 1 });
const first_error = { code: "SQL_ERROR", message: "no such table", hint: null } as const;
const error = { code: "UNREACHABLE", message: "http://app: refused", hint: "Start it." } as const;
const failing = { ...LOAD, operations: 100, errors: 90, timeouts: 5, no_connection: 6, first_error };
const outcome = (parts: Partial<StatsResult>, failOnAlert = false, interrupted?: number) =>
  outcomeOf(statsResult(parts), { interrupted, failOnAlert });

describe("the exit status of stats is", () => {
  it.each([
    ["0 when all went well", {}, true, undefined, 0],
    ["0 with alerts that nobody asked to fail on", { alerts }, false, undefined, 0],
    ["99 with any alert with --fail-on-alert", { alerts }, true, undefined, 99],
    ["99 too where most operations failed", { alerts, load: failing }, true, undefined, 99],
    ["that of the first failure when more failed than succeeded", { load: failing }, true, undefined, 1],
    ["0 when as many failed", { load: { ...failing, operations: 101 } }, false, undefined, 0],
    [
      "99 when some failed with --fail-on-alert",
      { load: { ...failing, operations: 9_900 } },
      true,
      undefined,
      99,
    ],
    ["0 when 1 % did", { load: { ...failing, operations: 9_999 } }, true, undefined, 0],
    ["2 when the last look failed", { error }, true, undefined, 2],
    ["130 after Ctrl-C, whatever was seen", { alerts, error }, true, 130, 130],
  ] as const)("%s", (_, parts, failOnAlert, interrupted, exitCode) => {
    expect(outcome(parts, failOnAlert, interrupted).exitCode).toBe(exitCode);
  });

  it("told with how many operations failed, and why the last look did", () => {
    expect(outcome({ load: failing }).error?.message).toBe(
      "101 of 201 operations failed, the first with: no such table",
    );
    expect(outcome({ error }).error).toEqual(error);
    expect(outcome({}).error).toBeUndefined();
  });
});
