import { describe, expect, it } from "vitest";
import { parseRate } from "../../src/core/rate.js";

describe("a rate", () => {
  it.each([
    ["200/s", 200],
    ["30/m", 0.5],
    ["0.5/s", 0.5],
    [" 7/s ", 7],
  ])("%j is %d a second", (text, perSecond) => {
    expect(parseRate(text, "--rate")).toBe(perSecond);
  });

  it.each([
    ["200", '--rate: "200" is not a rate with its unit: write 200/s'],
    ["0", '--rate: "0" is not above 0: write a rate such as 200/s'],
    ["0/s", '--rate: "0/s" is not above 0: write a rate such as 200/s'],
    ["0.0/m", '--rate: "0.0/m" is not above 0: write a rate such as 200/s'],
    ["-5/s", '--rate: "-5/s" is not a rate such as 200/s or 30/m'],
    ["200/h", '--rate: "200/h" is not a rate such as 200/s or 30/m'],
    ["200 / s", '--rate: "200 / s" is not a rate such as 200/s or 30/m'],
    ["1e3/s", '--rate: "1e3/s" is not a rate such as 200/s or 30/m'],
    ["Infinity/s", '--rate: "Infinity/s" is not a rate such as 200/s or 30/m'],
    ["", '--rate: "" is not a rate such as 200/s or 30/m'],
  ])("%j is refused with the fix", (text, message) => {
    expect(() => parseRate(text, "--rate")).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message }),
    );
  });
});
