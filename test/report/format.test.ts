import { expect, it } from "vitest";
import { count, duration, factor, milliseconds, percent, rate } from "../../src/report/format.js";

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
