import { describe, expect, it } from "vitest";
import { isRestarted, ratesBetween } from "../../src/watch/rates.js";
import { snapshotWith, times } from "../support/snapshots.js";

const at = (uptime_ms: number, total_checkouts: number, more: Parameters<typeof snapshotWith>[0] = {}) =>
  snapshotWith({ ...more, statistics: { uptime_ms, total_checkouts } });

describe("what happened between two looks", () => {
  it("is counted by the pool's own clock, whenever they came", () => {
    expect(ratesBetween(at(10_000, 100), at(12_500, 150)).checkouts_per_second).toBe(20);
    expect(ratesBetween(at(10_000, 100), at(10_000, 100)).checkouts_per_second).toBeNull();
  });

  it("is the 95th percentile of what was recorded since", () => {
    const before = at(1, 0, { wait_time: times([1, 1_000]), use_time: times([4, 10], [1_024, 10]) });
    const after = at(2, 0, {
      wait_time: times([1, 1_094], [2, 1], [8, 5]),
      use_time: times([4, 30], [1_024, 10]),
    });
    expect(ratesBetween(before, after)).toMatchObject({ wait_p95_ms: 2, use_p95_ms: 4 });
    expect(ratesBetween(after, after)).toMatchObject({ wait_p95_ms: null, use_p95_ms: null });
  });

  it("is no longer than the longest of all, and for ever where there is no bound", () => {
    const longest = { ...times([16, 1]), max_ms: 13 };
    expect(ratesBetween(at(1, 0), at(2, 0, { wait_time: longest })).wait_p95_ms).toBe(13);
    const endless = { ...times([null, 1]), max_ms: 5_000_000 };
    expect(ratesBetween(at(1, 0), at(2, 0, { use_time: endless })).use_p95_ms).toBe(5_000_000);
  });

  it("is a restart where anything that is counted went back", () => {
    expect(isRestarted(at(10_000, 100), at(12_000, 100))).toBe(false);
    expect(isRestarted(at(10_000, 100), at(2_000, 200))).toBe(true);
    expect(isRestarted(at(1_000, 100), at(2_000, 99))).toBe(true);
  });
});
