import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";
import { describe, expect, it } from "vitest";
import { rehearsalReport } from "../../src/report/rehearsal-report.js";
import { PLAIN } from "../../src/report/style.js";
import type { RehearsalResult } from "../../src/rehearse/result.js";
import { BLACK_HOLE, observed, REFUSE, rehearsalResult } from "../support/rehearsal-results.js";
import { parseJson } from "../support/schemas.js";

const report = (result: RehearsalResult, columns = 80): string => rehearsalReport(result, PLAIN, columns);

const large = rehearsalResult({
  interrupted: true,
  target: { url: "http://10.0.0.1:8080", transport: "http", tls: false, embedded: false, network: null },
  plan: { ...rehearsalResult().plan, callers: 1, plain_transport: "http", pool_transport: "http" },
  faults: [
    {
      ...REFUSE,
      fault: "expired-certificate",
      plain: observed({ calls: 123_456, failed: 123_400, hangs: 1_234, wrong_answers: 1_234 }),
    },
    BLACK_HOLE,
  ],
  skipped: [],
});

describe("the report on a rehearsal", () => {
  it("puts a plain client and the pool side by side, and says what was done and how", () => {
    expect(report(rehearsalResult())).toMatchInlineSnapshot(`
      "wss://localhost:34723 (embedded) · 40/s by 4 callers each · faults of 3 s

                                           wrong        longest      answers
      fault       client  calls  errors  answers  hung    stall  again after
      refuse       plain    180     119        0     0  12.3 ms      20.5 ms
                    pool     64       0        0     0   3.38 s       393 ms
      black-hole   plain     56       0        0    16  > 5.5 s        never
                    pool    180      10        0     0      5 s      20.5 ms

      Errors that reached callers
      refuse: plain 119 × TypeError
      black-hole: pool 7 × OPERATION_TIMEOUT, 3 × CONNECTION_CLOSED

      refuse: nobody listens, and open connections are reset.
      black-hole: nothing goes through, and nothing is closed.
      Each asked SELECT 1 again and again: 1 s before, during and after each fault; a
      caller that waits for an answer asks nothing meanwhile, so who waits longer
      makes fewer calls. “answers again after” counts from the end of the fault.
      Nothing was written, and nothing that went to the server was altered.
      The plain client is one createClient() of @libsql/client over https, which has
      no deadline: a call of either that had not ended after 5.5 s counts as hung, and
      its caller went on. The pool is one createPool() over wss with an
      operationTimeout of 5 s.
      A plain client over wss cannot be led through a proxy: its certificate would be
      of another name.
      A TypeError is what fetch() throws when a connection fails; it has no code.
      Not rehearsed: status-429, status-500: a proxy cannot answer for the server over
      TLS."
    `);
  });

  it("tells of answers that were wrong, and of an interrupt", () => {
    const text = report(large, 200);
    expect(text).toMatch(
      /^http:\/\/10\.0\.0\.1:8080 · 40\/s by 1 caller each · faults of 3 s · interrupted\n/,
    );
    expect(text).toContain("Without TLS nothing tells a corrupted answer from a true one.");
    expect(text).not.toContain("certificate would be of another name");
    expect(text).not.toContain("Not rehearsed");
  });

  it("never parts a count of errors from what it counts", () => {
    const codes = ["SERVER_ERROR", "HRANA_PROTO_ERROR", "CONNECTION_CLOSED", "OPERATION_TIMEOUT"];
    const errors = codes.map((code) => ({ code, count: 18, message: "no" }));
    const result = rehearsalResult({ faults: [{ ...REFUSE, pool: observed({ failed: 72, errors }) }] });
    for (let columns = 70; columns < 100; columns++) {
      const text = report(result, columns);
      expect(text).not.toMatch(/\u00a0|^ *×|× *$|\d$\n +×/m);
    }
  });

  it("says nothing of errors where there were none", () => {
    const fine = { ...REFUSE, plain: observed(), pool: observed() };
    expect(report(rehearsalResult({ faults: [fine] }))).not.toContain("Errors that reached callers");
  });

  it.each([80, 100, 120])("has no line over %i columns", (columns) => {
    for (const result of [rehearsalResult(), large]) {
      const wide = report(result, columns).split("\n");
      expect(wide.filter((line) => line.length > columns)).toEqual([]);
    }
  });

  it("is the same in colour", () => {
    for (const result of [rehearsalResult(), large]) {
      const coloured = rehearsalReport(result, new Chalk({ level: 1 }), 80);
      expect(stripVTControlCharacters(coloured)).toBe(report(result));
    }
  });

  it("is of a shape that docs/rehearsal-result.schema.json describes", () => {
    for (const result of [rehearsalResult(), large]) parseJson(JSON.stringify(result), "rehearsal-result");
  });
});
