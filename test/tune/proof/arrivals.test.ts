import { expect, it } from "vitest";
import { seededRandom } from "../../../src/core/random.js";
import { arrivalsOf, blockDuration, rateInBlocks } from "../../../src/tune/proof/arrivals.js";
import { profileOf, WORKLOADS } from "../../../src/tune/profile.js";

it.each(WORKLOADS)(
  "%s: a block has as many operations as the rate says, in whole bursts, at least one",
  (name) => {
    const profile = profileOf(name);
    const duration = blockDuration(profile);
    const bursts = arrivalsOf(profile, duration, seededRandom(1));
    const expected = (profile.perSecond * duration) / 1_000;
    const operations = bursts.reduce((sum, one) => sum + one.operations, 0);
    expect(bursts.length).toBeGreaterThanOrEqual(1);
    expect(bursts.every((one) => one.operations === profile.burst)).toBe(true);
    expect(Math.abs(operations - Math.max(profile.burst, expected))).toBeLessThanOrEqual(profile.burst / 2);
  },
);

it("bursts come in order, within the block", () => {
  const bursts = arrivalsOf(profileOf("high-frequency", { burst: 1 }), 1_000, seededRandom(2));
  expect(bursts.map(({ at }) => at)).toEqual(bursts.map(({ at }) => at).toSorted((a, b) => a - b));
  expect(bursts.every(({ at }) => at >= 0 && at < 1_000)).toBe(true);
});

it("tells the rate that whole bursts in short blocks come to", () => {
  expect(rateInBlocks(profileOf("default"))).toBe(50);
  expect(rateInBlocks(profileOf("default", { perSecond: 1, burst: 100 }))).toBe(50);
});
