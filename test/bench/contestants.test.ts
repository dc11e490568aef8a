import { describe, expect, it } from "vitest";
import { contestantsOf } from "../../src/bench/contestants.js";
import type { BenchPlan } from "../../src/bench/plan.js";

const strategies: BenchPlan["strategies"] = ["client", "keepalive"];
const names = (against: boolean, calibrate: boolean): string[] =>
  contestantsOf({ strategies, against, calibrate }).map(({ name }) => name);

describe("those that take turns", () => {
  it("are the strategies", () => {
    expect(contestantsOf({ strategies, against: false, calibrate: false })).toEqual([
      { name: "client", strategy: "client", side: "head" },
      { name: "keepalive", strategy: "keepalive", side: "head" },
    ]);
  });

  it("are each on a second database too", () => {
    expect(contestantsOf({ strategies: ["client"], against: true, calibrate: false })).toEqual([
      { name: "client", strategy: "client", side: "head" },
      { name: "client@base", strategy: "client", side: "base" },
    ]);
  });

  it("have each a twin on the first database", () => {
    expect(contestantsOf({ strategies: ["client"], against: false, calibrate: true })).toEqual([
      { name: "client", strategy: "client", side: "head" },
      { name: "client@again", strategy: "client", side: "head" },
    ]);
  });

  it("have names of their own, all together", () => {
    expect(names(true, true)).toEqual([
      "client",
      "client@base",
      "client@again",
      "keepalive",
      "keepalive@base",
      "keepalive@again",
    ]);
  });
});
