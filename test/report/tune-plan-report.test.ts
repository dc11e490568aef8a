import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";
import { describe, expect, it } from "vitest";
import { PLAIN } from "../../src/report/style.js";
import { tunePlanReport } from "../../src/report/tune-plan-report.js";
import { tunePlanResult } from "../support/tune-results.js";

describe("the plan of tune --dry-run", () => {
  it("has what each phase would do, at most", () => {
    expect(tunePlanReport(tunePlanResult(), PLAIN, 80)).toMatchInlineSnapshot(`
      "https://db.example (HTTP) · a plan, nothing was measured
      Workload high-frequency: 200/s in bursts of 20, pauses of 1 s, reads only. What
      counts: throughput, then P95. From the guide's high-frequency workload: interval
      10 s, stale after 30 s.

      phase        connections        time  queries  what
                       at most     at most  at most
      connecting             1         5 s      440  open connections over ws and
                                                     http, one at a time, and ask over
                                                     them
      idle limits           32        75 s      160  let connections idle for up to
                                                     30 s, then ask
      size                  32        20 s   50,000  SELECT 1 by 1, 2, 4, 8, 16 and 32
                                                     callers at once
      proof                 20       2 min   48,000  current against recommended, in
                                                     turn, under the workload's
                                                     arrivals
      in all                32  3 min 40 s   98,600

      Connections are those at one time. Nothing will be written to the database:
      every statement reads.

      To find the size it asks as fast as it is answered. Only a database on this
      machine gets near that many queries: where an answer takes 20 ms, 32 connections
      made some 6,000."
    `);
  });

  it("has it below each phase where there is no room beside it", () => {
    const [, phases] = tunePlanReport(tunePlanResult(), PLAIN, 60).split("\n\n");
    expect(phases).toMatchInlineSnapshot(`
      "connecting: at most 1 connection, 5 s, 440 queries
        open connections over ws and http, one at a time, and ask
        over them
      idle limits: at most 32 connections, 75 s, 160 queries
        let connections idle for up to 30 s, then ask
      size: at most 32 connections, 20 s, 50,000 queries
        SELECT 1 by 1, 2, 4, 8, 16 and 32 callers at once
      proof: at most 20 connections, 2 min, 48,000 queries
        current against recommended, in turn, under the workload's
        arrivals
      in all: at most 32 connections, 3 min 40 s, 98,600 queries"
    `);
  });

  it.each([40, 60, 80, 120])("has no line over %i columns, and is the same in colour", (columns) => {
    const text = tunePlanReport(tunePlanResult(), PLAIN, columns);
    expect(text.split("\n").filter((line) => line.length > columns)).toEqual([]);
    const coloured = tunePlanReport(tunePlanResult(), new Chalk({ level: 1 }), columns);
    expect(stripVTControlCharacters(coloured)).toBe(text);
  });
});
