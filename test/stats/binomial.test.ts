import { describe, expect, it } from "vitest";
import { binomialUpper } from "../../src/stats/binomial.js";

describe("the upper end of a share", () => {
  it("is Clopper and Pearson's", () => {
    // scipy.stats.binomtest(k, n).proportion_ci(0.95, "exact").high
    expect(binomialUpper(1, 1_000, 0.025)).toBeCloseTo(0.0055589, 6);
    expect(binomialUpper(5, 50, 0.025)).toBeCloseTo(0.2181, 3);
  });

  it("of none in n is 1 - alpha^(1/n)", () => {
    for (const n of [1, 10, 1_000, 1_000_000]) {
      expect(binomialUpper(0, n, 0.025)).toBeCloseTo(1 - 0.025 ** (1 / n), 9);
    }
  });

  it("is all when all had it, or there was nothing", () => {
    expect([binomialUpper(7, 7, 0.025), binomialUpper(0, 0, 0.025)]).toEqual([1, 1]);
  });
});
