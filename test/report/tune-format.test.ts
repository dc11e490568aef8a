import { expect, it } from "vitest";
import {
  frequency,
  literal,
  period,
  plain,
  stretch,
  wholeMilliseconds,
  wholeSeconds,
} from "../../src/report/format.js";

it.each([
  [null, "–"],
  [0.4213, "0.421 ms"],
  [250, "250 ms"],
  [999.7, "1 s"],
  [4_500, "4.5 s"],
  [7_023, "7.02 s"],
  [90_000, "90 s"],
  [119_999, "2 min"],
  [1_800_000, "30 min"],
  [86_400_000, "24 h"],
])("a length of time of %s ms has the unit that suits it: %s", (value, shown) => {
  expect(period(value)).toBe(shown);
});

it.each([
  [140, "140 ms"],
  [113_200, "113 s"],
  [120_000, "2 min"],
  [220_400, "3 min 40 s"],
])("a run of %s ms took %s", (value, shown) => {
  expect(stretch(value)).toBe(shown);
});

it.each([
  [200, "200/s"],
  [1_234.5, "1,235/s"],
  [0.5, "30/min"],
  [1 / 60, "1/min"],
  [1 / 7_200, "0.5/h"],
])("%s a second is told as %s", (value, shown) => {
  expect(frequency(value)).toBe(shown);
});

it("figures without unit have three digits that count", () => {
  expect([plain(null), plain(0.012_34), plain(6.04), plain(12)]).toEqual(["–", "0.0123", "6.04", "12"]);
});

it("settings are rounded down, and never to nothing", () => {
  expect([wholeMilliseconds(4_500.9), wholeMilliseconds(0.2)]).toEqual([4_500, 1]);
  expect([wholeSeconds(4_999), wholeSeconds(800)]).toEqual([4, 1]);
  expect([literal(30_000), literal(250)]).toEqual(["30_000", "250"]);
});
