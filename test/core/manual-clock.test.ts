import { describe, expect, it } from "vitest";
import { ManualClock } from "../../src/core/manual-clock.js";

describe("the manual clock", () => {
  it("stands still until it is told to advance", async () => {
    const clock = new ManualClock(5);
    expect(clock.now()).toBe(5);
    await clock.advance(10);
    expect(clock.now()).toBe(15);
  });

  it("fires what falls due in order, each at its time, equal ones in the order they were set", async () => {
    const clock = new ManualClock();
    const fired: string[] = [];
    const set = (name: string, delay: number) =>
      clock.schedule(delay, () => fired.push(`${name}@${clock.now()}`));
    set("c", 20);
    set("a", 10);
    set("b", 10);
    set("d", 21);
    await clock.advance(20);
    expect(fired).toEqual(["a@10", "b@10", "c@20"]);
    expect(clock.pendingTimers).toBe(1);
  });

  it("fires timers that timers set, when they fall due in the same advance", async () => {
    const clock = new ManualClock();
    const fired: number[] = [];
    clock.schedule(10, () => clock.schedule(10, () => fired.push(clock.now())));
    await clock.advance(30);
    expect(fired).toEqual([20]);
  });

  it("lets promises settle between two timers", async () => {
    const clock = new ManualClock();
    const seen: string[] = [];
    clock.schedule(1, () => void Promise.resolve().then(() => seen.push("reaction")));
    clock.schedule(1, () => seen.push("next timer"));
    await clock.advance(1);
    expect(seen).toEqual(["reaction", "next timer"]);
  });

  it("does not fire what was cancelled", async () => {
    const clock = new ManualClock();
    const fired: number[] = [];
    const timer = clock.schedule(10, () => fired.push(1));
    timer.cancel();
    timer.cancel();
    await clock.advance(20);
    expect(fired).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("fires late what fell due while the machine slept", async () => {
    const clock = new ManualClock();
    const fired: number[] = [];
    clock.schedule(10, () => fired.push(clock.now()));
    clock.sleep(100);
    expect(fired).toEqual([]);
    await clock.advance(5);
    expect(fired).toEqual([100]);
    expect(clock.now()).toBe(105);
  });
});
