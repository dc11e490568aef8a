import { describe, expect, it } from "vitest";
import type { HoldResult, ProofFigure, ProofResult } from "../../../src/tune/proof/result.js";
import { verdictOf, type Case } from "../../../src/tune/proof/verdict.js";
import type { SettingResult } from "../../../src/tune/result.js";

const setting = (now: number, recommended: number): SettingResult => ({
  setting: "maxConnections",
  unit: "connections",
  now,
  recommended,
  because: "",
  rule: "",
});
const figure = (verdict: ProofFigure["verdict"], more: Partial<ProofFigure> = {}): ProofFigure => ({
  metric: "latency_ms.p95",
  counts: true,
  current: 10,
  recommended: 5,
  ratio: 2,
  ratio_interval_95: { low: 1.8, high: 2.2 },
  verdict,
  ...more,
});
const held = (settings: HoldResult["settings"], isHeld: boolean): HoldResult => ({
  settings,
  keep_alive_interval_ms: 30_000,
  idle_ms: 17_500,
  connections: 1,
  kept: isHeld ? 1 : 0,
  held: isHeld,
});
const proof = (more: Partial<ProofResult> = {}): ProofResult => ({
  rounds: 12,
  figures: [figure("alike")],
  holds: [],
  failed: { current: 0, recommended: 0 },
  notes: [],
  ...more,
});
const judge = (more: Partial<Case> = {}) =>
  verdictOf({
    ...{ settings: [setting(10, 4)], proof: proof(), bill: null },
    ...{ unproven: null, unmeasured: null, isBroken: false, ...more },
  });

describe("the verdict", () => {
  it("is to keep what one has where nothing measured better", () => {
    for (const verdict of ["alike", "unclear", "worse"] as const) {
      expect(judge({ proof: proof({ figures: [figure(verdict)] }) }).verdict).toBe("keep what you have");
    }
  });

  it("is to use what measured better in something that counts, and says by how much", () => {
    expect(judge({ proof: proof({ figures: [figure("better")] }) })).toEqual({
      verdict: "use the recommended settings",
      reasons: ["P95 latency better: 2.00x (1.80x to 2.20x)"],
    });
  });

  it("says where there was nothing to compare", () => {
    expect(judge({ proof: proof({ figures: [] }) }).reasons.join()).toContain("nothing that counts");
  });

  it("does not take what does not count for a gain or a harm", () => {
    const figures = [
      figure("alike"),
      figure("better", { counts: false }),
      figure("worse", { counts: false }),
    ];
    expect(judge({ proof: proof({ figures }) }).verdict).toBe("keep what you have");
  });

  it("never recommends what is worse in anything that counts, however good it is otherwise", () => {
    const figures = [figure("better"), figure("worse", { metric: "throughput_per_second" })];
    const holds = [held("current", false), held("recommended", true)];
    expect(judge({ proof: proof({ figures, holds }) }).verdict).toBe("keep what you have");
  });

  it("is to use what kept a connection that the current settings lost", () => {
    const holds = [held("guide", false), held("current", false), held("recommended", true)];
    const { verdict, reasons } = judge({ proof: proof({ holds }) });
    expect(verdict).toBe("use the recommended settings");
    expect(reasons.join()).toContain("17.5 s");
  });

  it("is not moved by the guide's preset, which nobody uses here", () => {
    const holds = [held("guide", false), held("current", true), held("recommended", true)];
    expect(judge({ proof: proof({ holds }) }).verdict).toBe("keep what you have");
  });

  it("never recommends what lost a connection that the current settings kept", () => {
    const holds = [held("current", true), held("recommended", false)];
    expect(judge({ proof: proof({ figures: [figure("better")], holds }) }).verdict).toBe(
      "keep what you have",
    );
  });

  it("takes fewer connections for a gain where they count and all else is surely alike", () => {
    const fewer = figure("better", { metric: "connections_held" });
    expect(judge({ proof: proof({ figures: [figure("alike"), fewer] }) }).verdict).toBe(
      "use the recommended settings",
    );
    expect(judge({ proof: proof({ figures: [figure("unclear"), fewer] }) }).verdict).toBe(
      "keep what you have",
    );
    expect(judge({ proof: proof({ figures: [fewer] }) }).verdict).toBe("keep what you have");
  });

  it("takes failures for the settings' doing only when there are more than chance makes", () => {
    const failing = (current: number, recommended: number) =>
      judge({ proof: proof({ failed: { current, recommended } }) }).verdict;
    expect(failing(16, 0)).toBe("use the recommended settings");
    expect(failing(2, 0)).toBe("keep what you have");
    expect(failing(16, 3)).toBe("keep what you have");
    expect(
      judge({ proof: proof({ figures: [figure("better")], failed: { current: 0, recommended: 9 } }) })
        .verdict,
    ).toBe("keep what you have");
  });

  it("is to keep what one has where the measurements lead to just that", () => {
    expect(judge({ settings: [setting(4, 4)], proof: null, unproven: "skipped" }).verdict).toBe(
      "keep what you have",
    );
  });

  it("says that nothing is proven where the proof was not made, or cut short", () => {
    expect(judge({ proof: null, unproven: "--budget was used up" })).toEqual({
      verdict: "not proven",
      reasons: ["--budget was used up"],
    });
    expect(judge({ settings: [], unproven: "interrupted" }).verdict).toBe("not proven");
    expect(judge({ proof: proof({ figures: [figure("better")] }), unproven: "interrupted" }).verdict).toBe(
      "not proven",
    );
  });

  it("says that nothing is proven where what one has is all that was left of a search that was cut", () => {
    const same = { settings: [setting(4, 4)], proof: null, unproven: "skipped" };
    expect(judge({ ...same, unmeasured: "--budget was used up" })).toEqual({
      verdict: "not proven",
      reasons: ["--budget was used up"],
    });
    expect(judge({ ...same, unproven: "interrupted", isBroken: true })).toEqual({
      verdict: "not proven",
      reasons: ["interrupted"],
    });
  });

  it("may be not to pool at all", () => {
    const bill = {
      connections_held: 1,
      pings_per_day: 3_200,
      quota_per_day: null,
      quota_share: null,
      break_even_per_day: 900,
      operations_per_day: 100,
      pooling_pays: false,
      rule: "100 operations a day are fewer",
    };
    expect(judge({ bill })).toEqual({ verdict: "do not pool", reasons: ["100 operations a day are fewer"] });
    expect(judge({ bill, unproven: "interrupted", isBroken: true }).verdict).toBe("not proven");
  });
});
