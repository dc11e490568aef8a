import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/core/random.js";
import { pairedShift, unpairedShift } from "../../src/stats/shift.js";
import { normalQuantile } from "../../src/stats/student-t.js";

const noise = (random: () => number): number => normalQuantile(0.0005 + random() * 0.999);

describe("the shift of paired values", () => {
  it("is that of the textbook: Hamilton depression scale factors (Hollander, Wolfe & Chicken, example 3.3)", () => {
    const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
    const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
    const shift = pairedShift(
      after.map((value, at) => value - (before[at] ?? 0)),
      0.05,
    );
    expect(shift?.estimate).toBeCloseTo(-0.46, 3);
    expect(shift?.interval?.low).toBeCloseTo(-0.786, 3);
    expect(shift?.interval?.high).toBeCloseTo(-0.01, 3);
  });

  it("has no interval when so few values can never be that sure", () => {
    expect(pairedShift([1, 2, 3, 4, 5])?.interval).toBeNull();
    expect(pairedShift([1, 2, 3, 4, 5, 6])?.interval).toEqual({ low: 1, high: 6 });
    expect(pairedShift([1, 2, 3, 4, 5, 6], 0.025)?.interval).toBeNull();
    expect(pairedShift([])).toBeNull();
  });

  it("is hardly moved by bursts that hit one of a pair", () => {
    const random = seededRandom(1);
    const values = Array.from({ length: 20 }, (_, at) => 0.01 * noise(random) + (at % 7 === 0 ? 5 : 0));
    expect(Math.abs(pairedShift(values)?.estimate ?? 9)).toBeLessThan(0.02);
  });

  it.each([8, 10, 20, 60])(
    "covers the truth at least as often as it says, with %d pairs of heavy-tailed noise",
    (n) => {
      const random = seededRandom(n);
      let covered = 0;
      for (let i = 0; i < 400; i++) {
        const values = Array.from(
          { length: n },
          () => 1 + noise(random) / Math.max(0.05, Math.abs(noise(random))),
        );
        const interval = pairedShift(values)?.interval;
        if (interval && interval.low <= 1 && interval.high >= 1) covered++;
      }
      expect(covered).toBeGreaterThan(400 * 0.92);
    },
  );
});

describe("the shift of independent values", () => {
  it("has the interval of the Mann-Whitney test", () => {
    // P(U <= 5) = 0.0111 and P(U <= 6) = 0.0159 > 0.0125 for 6 and 6 (any table): 95 % takes the 6th of 36.
    const a = [1, 2, 3, 4, 5, 6];
    const shift = unpairedShift(
      a,
      a.map((value) => value * 1.001 + 10),
      0.05,
    );
    expect(shift?.estimate).toBeCloseTo(10, 1);
    expect(shift?.interval?.low).toBeGreaterThan(6);
    expect(shift?.interval?.high).toBeLessThan(14);
  });

  it.each([
    [10, 10],
    [10, 40],
    [60, 60],
  ])("covers the truth as often as it says, for %d and %d values", (m, n) => {
    const random = seededRandom(m * n);
    let covered = 0;
    for (let i = 0; i < 300; i++) {
      const a = Array.from({ length: m }, () => noise(random));
      const b = Array.from({ length: n }, () => 0.5 + noise(random));
      const interval = unpairedShift(a, b)?.interval;
      if (interval && interval.low <= 0.5 && interval.high >= 0.5) covered++;
    }
    expect(covered).toBeGreaterThan(300 * 0.92);
  });

  it("is nothing without values", () => {
    expect(unpairedShift([], [1])).toBeNull();
    expect(unpairedShift([1, 2], [3, 4])?.interval).toBeNull();
  });
});
