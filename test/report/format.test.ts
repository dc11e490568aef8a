import { expect, it } from "vitest";
import {
  count,
  duration,
  factor,
  interval,
  milliseconds,
  percent,
  quantity,
  rate,
} from "../../src/report/format.js";

it.each([
  [null, "–"],
  [0, "0.000"],
  [0.00412, "0.004"],
  [0.9999, "1.000"],
  [2.305, "2.31"],
  [47.06, "47.1"],
  [1234.5, "1,235"],
])("%s ms is shown as %s", (value, shown) => {
  expect(milliseconds(value)).toBe(shown);
});

it.each([
  [99.96, "99.96%"],
  [99.9999, "99.99%"],
  [100, "100%"],
  [88.4, "88%"],
  [1.26, "1.3%"],
  [-12.2, "12%"],
])("%s percent is shown as %s: never 100 while something is left", (value, shown) => {
  expect(percent(value)).toBe(shown);
});

it("rates, factors, counts and durations carry what a reader needs and no more", () => {
  expect([rate(9.26), rate(12_345.6), factor(1.234), factor(9.26), factor(15.9)]).toEqual([
    "9.3",
    "12,346",
    "1.23x",
    "9.3x",
    "16x",
  ]);
  expect([count(12_345), duration(0.5)]).toEqual(["12,345", "0.500 ms"]);
});

it.each([
  [null, "ms", "–"],
  [0, "ms", "0 ms"],
  [0.000_001, "ms", "1 ns"],
  [0.000_412_6, "ms", "413 ns"],
  [0.001, "ms", "0.00100 ms"],
  [0.002_344, "ms", "0.00234 ms"],
  [0.41, "ms", "0.410 ms"],
  [5, "ms", "5 ms"],
  [5.004, "ms", "5.00 ms"],
  [47.06, "ms", "47.1 ms"],
  [12_345.6, "ms", "12,346 ms"],
  [9.26, "per_second", "9.26/s"],
  [3_208.6, "per_second", "3,209/s"],
  [0, "percent", "0%"],
  [0.031_24, "percent", "0.0312%"],
  [99.9999, "percent", "99.99%"],
  [100, "percent", "100%"],
  [0.9712, "factor", "0.971x"],
  [1.0344, "factor", "1.034x"],
  [15.93, "factor", "15.9x"],
] as const)("a quantity of %s %s is shown as %s", (value, unit, shown) => {
  expect(quantity(value, unit)).toBe(shown);
});

it.each([
  [null, "ms", "–"],
  [{ low: 0.39, high: 0.4449 }, "ms", "0.390 to 0.445 ms"],
  [{ low: 0.000_4, high: 0.000_812_3 }, "ms", "400 to 812 ns"],
  [{ low: 0.000_912, high: 0.0018 }, "ms", "0.000912 to 0.00180 ms"],
  [{ low: 3_001.2, high: 3_400.9 }, "per_second", "3,001/s to 3,401/s"],
  [{ low: 0, high: 0.52 }, "percent", "0% to 0.520%"],
  [{ low: 0.981, high: 1.0521 }, "factor", "0.981x to 1.052x"],
] as const)("both ends of the interval %o in %s have one unit: %s", (ends, unit, shown) => {
  expect(interval(ends, unit)).toBe(shown);
});
