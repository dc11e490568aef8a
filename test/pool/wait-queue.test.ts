import { describe, expect, it } from "vitest";
import { ManualClock } from "../../src/core/manual-clock.js";
import { WaitQueue } from "../../src/pool/wait-queue.js";
import { settle, watch } from "../support/pool-fixture.js";

function queue(timeout = 100) {
  const clock = new ManualClock();
  const waiting = new WaitQueue<string>({ clock, timeout, timedOut: () => new Error("too late") });
  return { clock, waiting };
}

describe("a wait queue", () => {
  it("sets one timer, however many wait", () => {
    const { clock, waiting } = queue();
    for (let i = 0; i < 1_000; i++) watch(waiting.wait());
    expect(clock.pendingTimers).toBe(1);
    expect(waiting).toHaveLength(1_000);
  });

  it("takes out whoever aborts, at the front, in the middle or at the end", async () => {
    const { waiting, clock } = queue();
    const aborts = [0, 2, 4].map(() => new AbortController());
    const [first, middle, last] = aborts;
    const callers = [
      watch(waiting.wait(first?.signal)),
      watch(waiting.wait()),
      watch(waiting.wait(middle?.signal)),
      watch(waiting.wait()),
      watch(waiting.wait(last?.signal)),
    ];
    for (const controller of aborts) controller.abort();
    expect(waiting).toHaveLength(2);
    waiting.serve("x", clock.now());
    waiting.serve("y", clock.now());
    await settle();
    expect(callers.map((caller) => caller.value ?? caller.error?.message)).toEqual([
      "the caller's signal was aborted",
      "x",
      "the caller's signal was aborted",
      "y",
      "the caller's signal was aborted",
    ]);
  });

  it("tells what those who were served have waited, and knows the longest wait of all", async () => {
    const { waiting, clock } = queue();
    watch(waiting.wait());
    watch(waiting.wait());
    await clock.advance(40);
    expect(waiting.serve("x", clock.now())).toBe(40);
    await clock.advance(60);
    expect(waiting).toMatchObject({ length: 0, timeouts: 1, longestWait: 100 });
  });

  it("rejects everybody when it closes, and leaves no timer", async () => {
    const { waiting, clock } = queue();
    const callers = [watch(waiting.wait()), watch(waiting.wait())];
    waiting.close(() => new Error("closed"));
    await settle();
    expect(callers.map((caller) => caller.error?.message)).toEqual(["closed", "closed"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("does not keep the process alive for nobody, and does for somebody", () => {
    const kept: boolean[] = [];
    const timer = { cancel: () => undefined, ref: () => kept.push(true), unref: () => kept.push(false) };
    const clock = { now: () => 0, schedule: () => timer };
    const waiting = new WaitQueue<string>({ clock, timeout: 100, timedOut: () => new Error("too late") });
    watch(waiting.wait());
    waiting.serve("x", 0);
    watch(waiting.wait());
    expect(kept).toEqual([false, true]);
  });

  it("refuses to serve nobody, because that would lose what was to be served", () => {
    expect(() => queue().waiting.serve("x", 0)).toThrow("bug: served an empty queue");
  });
});
