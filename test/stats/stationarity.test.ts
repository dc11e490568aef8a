import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/core/random.js";
import { stationarity } from "../../src/stats/stationarity.js";
import { logNormals, rateOf } from "./simulation.js";

describe("stationarity", () => {
  it.each([5, 6, 8, 10, 20, 40])("raises few false alarms on %i independent rounds", (rounds) => {
    const random = seededRandom(rounds);
    for (const deviation of [0.05, 0.1]) {
      const runs = Array.from({ length: 1_000 }, () => stationarity(logNormals(rounds, deviation, random)));
      expect(runs.filter((run) => run.firstUnlikeOthers).length).toBeLessThan(30);
      expect(runs.filter((run) => run.drifts).length).toBeLessThan(20);
    }
  });

  it.each([
    [5, 0.05, 0.98],
    [10, 0.05, 0.99],
    [10, 0.1, 0.9],
    [20, 0.1, 0.97],
  ])(
    "of %i rounds with deviation %f finds a first twice as slow in %f of all",
    (rounds, deviation, least) => {
      const random = seededRandom(rounds);
      const found = rateOf(500, () => {
        const [first = 1, ...others] = logNormals(rounds, deviation, random);
        return stationarity([2 * first, ...others]).firstUnlikeOthers;
      });
      expect(found).toBeGreaterThanOrEqual(least);
    },
  );

  it("finds a run that became half as slow again", () => {
    const random = seededRandom(9);
    const found = rateOf(
      300,
      () => stationarity(logNormals(10, 0.05, random).map((value, at) => value * 1.5 ** (at / 9))).drifts,
    );
    expect(found).toBeGreaterThan(0.95);
  });

  it("does not take one slow first round for a drift, nor a drift for a slow first round", () => {
    const random = seededRandom(10);
    const slowFirst = rateOf(300, () => {
      const [first = 1, ...others] = logNormals(10, 0.05, random);
      return stationarity([3 * first, ...others]).drifts;
    });
    expect(slowFirst).toBeLessThan(0.03);
    expect(stationarity([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])).toMatchObject({
      drifts: true,
      firstUnlikeOthers: false,
    });
  });

  it("does not mind differences that are certain but small", () => {
    expect(stationarity([109, 100, 100, 100, 100, 100])).toMatchObject({ firstUnlikeOthers: false });
    expect(stationarity([100, 101, 102, 103, 104, 105, 106, 107, 108, 109])).toMatchObject({
      drifts: false,
      trendPValue: expect.closeTo(8.3e-5, 6) as number,
    });
  });

  it("finds an unusual first round where most others, or all, are equal", () => {
    expect(stationarity([20, 10, 10, 10, 10])).toMatchObject({ firstUnlikeOthers: true, firstRatio: 2 });
    expect(stationarity([20, 10, 10, 10, 10, 10.1])).toMatchObject({ firstUnlikeOthers: true });
    expect(stationarity([12, 10, 10, 10, 10, 13])).toMatchObject({ firstUnlikeOthers: false });
    expect(stationarity([5, 10, 10, 10, 10])).toMatchObject({ firstUnlikeOthers: true, firstRatio: 0.5 });
  });

  it("says nothing of fewer than 5 rounds", () => {
    const silent = { firstUnlikeOthers: false, firstRatio: null, trendPValue: null, drifts: false };
    expect(stationarity([9, 1, 1, 1])).toEqual(silent);
    expect(stationarity([])).toEqual(silent);
    expect(stationarity([1, 0, 0, 0, 0]).firstRatio).toBeNull();
  });
});
