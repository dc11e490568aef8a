import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, parseDuration } from "../../src/core/duration.js";

describe("a duration", () => {
  it.each([
    ["250ms", 250],
    ["0ms", 0],
    ["1.5s", 1_500],
    ["30s", 30_000],
    ["2m", 120_000],
    [" 1h ", 3_600_000],
  ])("is read from %o", (text, milliseconds) => {
    expect(parseDuration(text, "--timeout")).toBe(milliseconds);
  });

  it("is refused without a unit, with the fix in the message", () => {
    expect(() => parseDuration("30", "--timeout")).toThrow(
      expect.objectContaining({
        code: "INVALID_OPTION",
        message: '--timeout: "30" is not a duration with a unit: write 30ms or 30s',
      }),
    );
  });

  it.each(["", "s", "-1s", "1 s", "1d", "1e3ms", "NaNms", "1s2"])("is not %o", (text) => {
    expect(() => parseDuration(text, "--timeout")).toThrow("is not a duration such as 250ms, 30s or 2m");
  });

  it.each([
    [0, "0ms"],
    [250, "250ms"],
    [1_000, "1s"],
    [1_500, "1500ms"],
    [90_000, "90s"],
    [120_000, "2m"],
    [7_200_000, "2h"],
    [0.5, "0.5ms"],
  ])("of %d ms is written in the largest unit without a fraction", (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it("reads back as what was written", () => {
    fc.assert(
      fc.property(fc.nat({ max: 1e12 }), (milliseconds) => {
        expect(parseDuration(formatDuration(milliseconds), "x")).toBe(milliseconds);
      }),
    );
  });
});
