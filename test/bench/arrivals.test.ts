import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextArrival } from "../../src/bench/arrivals.js";
import type { Load } from "../../src/bench/load.js";
import { seededRandom } from "../../src/core/random.js";

type OpenLoad = Extract<Load, { kind: "open" }>;

const load = (arrivals: OpenLoad["arrivals"], perSecond: number): OpenLoad => ({
  kind: "open",
  perSecond,
  arrivals,
});

/** The first arrivals of a schedule. */
function schedule(of: OpenLoad, count: number, seed = 1): number[] {
  const random = seededRandom(seed);
  const times: number[] = [];
  let last: number | null = null;
  for (let i = 0; i < count; i++) times.push((last = nextArrival(of, last, random())));
  return times;
}

describe("constant arrivals", () => {
  it.each([
    // per second, last, draw, next
    [100, null, 0, 0],
    [100, null, 0.5, 5],
    [100, null, 0.999, 9.99],
    [100, 5, 0, 15],
    [100, 5, 0.9, 15],
    [0.5, null, 0.25, 500],
    [0.5, 500, 0.25, 2_500],
    [1_000_000, 3, 0.1, 3.001],
  ])("at %d/s, after %s with draw %d: at %d ms", (perSecond, last, draw, next) => {
    expect(nextArrival(load("constant", perSecond), last, draw)).toBeCloseTo(next, 9);
  });

  it("start anywhere in their first period, so that blocks shorter than one get as many as the rate says", () => {
    const random = seededRandom(2);
    const firsts = Array.from({ length: 4_000 }, () => nextArrival(load("constant", 1), null, random()));
    expect(firsts.every((first) => first >= 0 && first < 1_000)).toBe(true);
    // A block of 250 ms at 1/s has one in four times.
    expect(firsts.filter((first) => first < 250).length / 4_000).toBeCloseTo(0.25, 1);
  });

  it("keep their distance to the millionth", () => {
    const times = schedule(load("constant", 300), 1_000_000);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeCloseTo((999_999 * 1_000) / 300, 3);
  });
});

describe("Poisson arrivals", () => {
  it("have gaps of mean 1/λ, of variance 1/λ², and no memory", () => {
    const times = schedule(load("poisson", 200), 40_000);
    const gaps = times.map((time, at) => time - (times[at - 1] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const square = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(mean).toBeGreaterThan(4.9);
    expect(mean).toBeLessThan(5.1);
    expect(square / mean ** 2).toBeGreaterThan(0.95);
    expect(square / mean ** 2).toBeLessThan(1.05);
    const late = gaps.filter((gap) => gap > 5);
    expect(late.filter((gap) => gap > 10).length / late.length).toBeCloseTo(Math.exp(-1), 1);
  });

  it("are as many in equal windows as a Poisson number: mean and variance alike", () => {
    const times = schedule(load("poisson", 100), 50_000);
    const windows = new Array<number>(Math.floor((times.at(-1) ?? 0) / 100)).fill(0);
    for (const time of times) {
      const at = Math.floor(time / 100);
      if (at < windows.length) windows[at] = (windows[at] ?? 0) + 1;
    }
    const mean = windows.reduce((sum, count) => sum + count, 0) / windows.length;
    const variance = windows.reduce((sum, count) => sum + (count - mean) ** 2, 0) / windows.length;
    expect(mean).toBeCloseTo(10, 0);
    expect(variance / mean).toBeGreaterThan(0.92);
    expect(variance / mean).toBeLessThan(1.08);
  });
});

it("never go back in time, and are finite for any draw", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("constant" as const, "poisson" as const),
      fc.double({ min: 1e-6, max: 1_000_000, noNaN: true }),
      fc.option(fc.double({ min: 0, max: 1e7, noNaN: true })),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      (arrivals, perSecond, last, draw) => {
        const next = nextArrival(load(arrivals, perSecond), last, draw / 2 ** 32);
        expect(next).toBeGreaterThanOrEqual(last ?? 0);
        expect(Number.isFinite(next)).toBe(true);
      },
    ),
  );
});

it.each(["constant", "poisson"] as const)(
  "the same seed gives the same schedule (%s), another one another",
  (kind) => {
    expect(schedule(load(kind, 50), 100, 7)).toEqual(schedule(load(kind, 50), 100, 7));
    expect(schedule(load(kind, 50), 100, 7)).not.toEqual(schedule(load(kind, 50), 100, 8));
  },
);
