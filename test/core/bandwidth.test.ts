import { describe, expect, test } from "vitest";
import { formatBandwidth, parseBandwidth } from "../../src/core/bandwidth.js";

describe("bandwidths", () => {
  test.each([
    ["512kbit", 64_000],
    ["10mbit", 1_250_000],
    ["1.5Mbit", 187_500],
    [" 1gbit ", 125_000_000],
  ])("%s is %d bytes per second", (text, bytes) => {
    expect(parseBandwidth(text, "--bandwidth")).toBe(bytes);
  });

  test.each([
    ["10", '--bandwidth: "10" is not a bandwidth with a unit: write 10kbit or 10mbit'],
    ["2MB/s", "write 16mbit for so many bytes, 2mbit for so many bits"],
    ["10mbps", "write 80mbit for so many bytes, 10mbit for so many bits"],
    ["fast", "is not a bandwidth such as 512kbit, 10mbit or 1gbit, in bits per second"],
    ["-1mbit", "is not a bandwidth such as"],
    ["0mbit", "is not a bandwidth such as"],
    ["10tbit", "is not a bandwidth such as"],
  ])("%j is refused, with the fix", (text, message) => {
    expect(() => parseBandwidth(text, "--bandwidth")).toThrow(message);
  });

  test.each(["512kbit", "10mbit", "1.5mbit", "1gbit"])("%s is written as it is read", (text) => {
    expect(formatBandwidth(parseBandwidth(text, "--bandwidth"))).toBe(text);
  });
});
