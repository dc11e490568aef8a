import { expect, it } from "vitest";
import { PLAIN } from "../../src/report/style.js";
import { tuneReport } from "../../src/report/tune-report.js";
import type { TuneResult } from "../../src/tune/result.js";
import { tuneResult } from "../support/tune-results.js";

it("no time left: what was not tried has no table of dashes, and no failures that there could not be", () => {
  const { idle, proof, phases } = tuneResult();
  const nothing = {
    outcome: "unknown",
    limit_ms: null,
    survived_ms: null,
    lost_ms: null,
    note: null,
  } as const;
  const layers = idle?.layers.map((one) => ({ ...one, ...nothing, survivals: 0, losses: 0, probes: 0 }));
  const result = tuneResult({
    idle: { ...idle, limits: [], layers } as TuneResult["idle"],
    proof: { ...proof, rounds: 0, figures: [], holds: [] } as TuneResult["proof"],
    phases: phases.map((one) => ({ ...one, outcome: "cut short", reason: "no time", queries: 0 })),
  });
  const part = (heading: string): string | undefined =>
    tuneReport(result, PLAIN, 80)
      .split("\n\n")
      .find((one) => one.startsWith(heading));
  expect(part("Idle")).toMatchInlineSnapshot(`
      "Idle limits
      Cut short: no time.
      Can't tell of any up to 30 s.
      createClient(), HTTP, WebSocket, bare TCP, Hrana stream: it was stopped before
      it could tell."
    `);
  expect(part("Proof")).toBe("Proof\nCut short: no time.");
});
