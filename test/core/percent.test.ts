import { describe, expect, it } from "vitest";
import { parsePercent } from "../../src/core/percent.js";

describe("a percentage", () => {
  it.each([
    ["10%", 10],
    ["0.5%", 0.5],
    ["250%", 250],
    [" 3% ", 3],
  ])("%j is %d", (text, percent) => {
    expect(parsePercent(text, "--max-regression")).toBe(percent);
  });

  it.each([
    ["10", '"10" is not a percentage with its sign: write 10%'],
    ["0", '"0" is not a percentage above 0, such as 10%'],
    ["0%", '"0%" is not a percentage above 0, such as 10%'],
    ["-5%", '"-5%" is not a percentage above 0, such as 10%'],
    ["ten", '"ten" is not a percentage above 0, such as 10%'],
    ["10 %", '"10 %" is not a percentage above 0, such as 10%'],
    ["", '"" is not a percentage above 0, such as 10%'],
  ])("%j is refused with the fix", (text, message) => {
    expect(() => parsePercent(text, "--max-regression")).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message: `--max-regression: ${message}` }),
    );
  });
});
