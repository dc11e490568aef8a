import { describe, expect, it } from "vitest";
import { connectionUse, namedUrl, pingPlan } from "../../src/cli/ping-flags.js";
import { outcomeOf } from "../../src/cli/ping-outcome.js";
import type { PingResult } from "../../src/ping/result.js";

it("a count of 0 has no end, and only one that was not given ends with a first failure", () => {
  const given = { count: undefined, interval: undefined };
  expect(pingPlan(given)).toEqual({ count: 5, interval: 1_000, endsWithFirstFailure: true });
  expect(pingPlan({ count: 0, interval: 0 })).toEqual({
    count: Infinity,
    interval: 0,
    endsWithFirstFailure: false,
  });
});

it("--cold and --warm say which pings open connections", () => {
  expect(connectionUse({ cold: false, warm: false })).toBe("kept");
  expect(connectionUse({ cold: true, warm: false })).toBe("cold");
  expect(connectionUse({ cold: false, warm: true })).toBe("warm");
});

it("an argument wins over a file's url, and excludes --url", () => {
  expect(namedUrl(undefined, "ws://a", false)).toEqual({ url: "ws://a" });
  expect(namedUrl("ws://b", undefined, false)).toEqual({ url: "ws://b", urlFrom: "the argument" });
  expect(namedUrl("ws://b", "ws://a", true)).toEqual({ url: "ws://b", urlFrom: "the argument" });
  expect(() => namedUrl("ws://b", "ws://a", false)).toThrow(/--url/);
});

describe("the exit status", () => {
  const plan = { count: 5, interval: 0, endsWithFirstFailure: true };
  const fine = { sent: 5, received: 5, refused: 0, lost: 0, last_error: null } as PingResult;
  const status = (change: Partial<PingResult>, interruptedWith?: number, serverLost = false): number =>
    outcomeOf({ ...fine, ...change }, plan, { interruptedWith, serverLost }).exitCode;
  const lost = { code: "UNREACHABLE", message: "lost", hint: null } as const;
  const refused = { code: "SQL_ERROR", message: "no", hint: "Ask." } as const;

  it.each<[string, number, Partial<PingResult>]>([
    ["all answered", 0, {}],
    ["some lost", 0, { received: 1, lost: 4, last_error: lost }],
    ["one refused", 1, { received: 4, refused: 1, last_error: refused }],
    ["all lost", 2, { received: 0, lost: 5, last_error: lost }],
  ])("of %s is %i", (_, code, change) => expect(status(change)).toBe(code));

  it("of an interrupt is its own, whatever was lost", () => {
    expect(status({ sent: 2, received: 0, lost: 2, interrupted: true, last_error: lost }, 130)).toBe(130);
  });

  it("of an embedded server that ended is that of one that cannot be reached", () => {
    expect(status({ sent: 2, received: 2, interrupted: true }, undefined, true)).toBe(2);
  });

  it("is that of the failure itself, which is thrown, where it ended before anything was answered", () => {
    expect(() => status({ sent: 1, received: 0, lost: 1, interrupted: false, last_error: lost })).toThrow(
      "lost",
    );
  });
});
