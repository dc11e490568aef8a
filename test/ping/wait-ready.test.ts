import { describe, expect, it } from "vitest";
import { ManualClock } from "../../src/core/manual-clock.js";
import type { Ping } from "../../src/ping/probe.js";
import { waitReady, type Readiness } from "../../src/ping/wait-ready.js";
import { answered, failed, scripted } from "./fakes.js";

async function wait(
  script: readonly (readonly [number, Ping])[],
  { within = 3_000, timeout = 1_000, stopAt = Infinity } = {},
) {
  const clock = new ManualClock();
  const stop = new AbortController();
  const probe = scripted(clock, script);
  const failures: string[] = [];
  let outcome: Readiness | undefined | Error;
  const waiting = waitReady(probe, {
    ...{ within, timeout, clock, signal: stop.signal },
    onFailure: ({ code }) => failures.push(code),
  }).then(
    (readiness) => (outcome = readiness),
    (error: unknown) => (outcome = error as Error),
  );
  const timer = clock.schedule(stopAt, () => stop.abort());
  await clock.advance(60_000);
  timer.cancel();
  await waiting;
  expect(clock.pendingTimers).toBe(0);
  return { outcome, failures, begunAt: probe.begunAt, limits: probe.limits };
}

const refused = [0, failed("UNREACHABLE", "connection refused")] as const;

it("waits until the database answers, and says how long it took", async () => {
  const { outcome, begunAt } = await wait([refused, refused, refused, [5, answered(5)]]);
  expect(begunAt).toEqual([0, 100, 250, 475]);
  expect(outcome).toEqual({ after: 480, tries: 4 });
});

it("tries again after 250 ms at most", async () => {
  const { begunAt } = await wait([refused], { within: 2_000 });
  expect(begunAt.slice(3)).toEqual([475, 725, 975, 1_225, 1_475, 1_725, 1_975]);
});

it.each(["UNREACHABLE", "CONNECT_TIMEOUT", "SERVER_ERROR", "TLS_FAILED", "SQL_ERROR"] as const)(
  "goes on after %s, until the time is up: then fails with it",
  async (code) => {
    const { outcome, failures } = await wait([[0, failed(code, "what it was")]]);
    expect(outcome).toMatchObject({ code, hint: "Do." });
    expect(outcome).toHaveProperty(
      "message",
      expect.stringMatching(/^not ready within 3s \(\d+ tries\): what it was$/),
    );
    expect(failures.length).toBeGreaterThan(10);
  },
);

it("fails at once when the token is refused", async () => {
  const { outcome, begunAt } = await wait([refused, [0, failed("AUTH_REJECTED", "no")]]);
  expect([outcome, begunAt]).toMatchObject([{ code: "AUTH_REJECTED", message: "no" }, [0, 100]]);
});

describe("a try may take its timeout, or what is left", () => {
  it("and one that the end cut short does not hide what the one before it ran into", async () => {
    const { limits } = await wait([refused], { within: 300, timeout: 1_000 });
    expect(limits).toEqual([300, 200, 50]);
    const cut = [refused, [200, failed("CONNECT_TIMEOUT", "no answer within 200ms")]] as const;
    const { outcome } = await wait(cut, { within: 300 });
    expect(outcome).toMatchObject({ code: "UNREACHABLE" });
  });
});

it("ends when it is stopped, in a try or between two", async () => {
  expect((await wait([[500, answered(500)]], { stopAt: 200 })).outcome).toBeUndefined();
  expect((await wait([refused], { stopAt: 50 })).outcome).toBeUndefined();
});
