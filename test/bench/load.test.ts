import { describe, expect, it } from "vitest";
import { checkLoad, type Load } from "../../src/bench/load.js";

const open = (perSecond: number): Load => ({ kind: "open", perSecond, arrivals: "constant" });

describe("a load", () => {
  it.each<Load>([{ kind: "closed" }, open(0.5), open(1_000_000), { kind: "gap", gap: 5_000 }])(
    "is accepted: %j",
    (load) => {
      expect(() => checkLoad(load)).not.toThrow();
    },
  );

  it.each([0, -1, 1_000_001, NaN, Infinity])(
    "with a rate of %d is refused by the flag's name",
    (perSecond) => {
      expect(() => checkLoad(open(perSecond))).toThrow(
        `--rate: "${perSecond}/s" is not above 0/s and at most 1000000/s`,
      );
    },
  );

  it.each([0, -5, NaN])("with a gap of %d ms is refused by the flag's name", (gap) => {
    expect(() => checkLoad({ kind: "gap", gap })).toThrow(/^--gap: /);
  });
});
