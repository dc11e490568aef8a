import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { profileOf, WORKLOADS } from "../../../src/tune/profile.js";
import { connectionsFor, demandOf } from "../../../src/tune/size/demand.js";

const steady = { perSecond: 100, burst: 1, writes: 0 };

describe("the connections that a profile wants", () => {
  test.each([
    // Little's law: 100/s × 40 ms = 4 busy, and 2 × √4 for chance.
    [steady, 40, 4, 4, 8],
    [{ ...steady, perSecond: 1 / 60 }, 5, 1 / 12_000, 0.0183, 1],
    // One operation of a burst is the one that is busy anyway.
    [{ ...steady, burst: 20 }, 5, 0.5, 19, 20],
    // Half of them write: 2 busy with reads, and 1 with all that writes.
    [{ ...steady, writes: 0.5 }, 40, 3, 3.46, 7],
    [{ ...steady, writes: 1 }, 400, 1, 2, 3],
    [{ ...steady, writes: 1, burst: 50 }, 1, 0.1, 0.632, 1],
  ])("%j at %f ms each are %f busy and %f more: %i", (profile, operation, busy, headroom, connections) => {
    const demand = demandOf(profile, operation);
    expect(demand.busy).toBeCloseTo(busy, 3);
    expect(demand.headroom).toBeCloseTo(headroom, 2);
    expect(connectionsFor(demand, 128)).toBe(connections);
  });

  test.each(WORKLOADS)("are never more than there may be, and never none: %s", (name) => {
    const demand = demandOf(profileOf(name), 5);
    expect(connectionsFor(demand, 4)).toBe(name === "low-frequency" ? 1 : 4);
    expect(connectionsFor(demand, 1)).toBe(1);
  });

  test("are a whole number from 1 to the most, whatever the profile", () => {
    const profile = fc.record({
      perSecond: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
      burst: fc.integer({ min: 1, max: 10_000 }),
      writes: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const operation = fc.double({ min: 0, max: 60_000, noNaN: true });
    fc.assert(
      fc.property(profile, operation, fc.integer({ min: 1, max: 128 }), (one, took, most) => {
        const connections = connectionsFor(demandOf(one, took), most);
        expect(Number.isInteger(connections) && connections >= 1 && connections <= most).toBe(true);
      }),
    );
  });
});
