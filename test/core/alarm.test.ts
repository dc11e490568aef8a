import { describe, expect, it } from "vitest";
import { Alarm } from "../../src/core/alarm.js";
import { ManualClock } from "../../src/core/manual-clock.js";

function alarm() {
  const clock = new ManualClock();
  const rings: number[] = [];
  return { clock, rings, alarm: new Alarm(clock, () => rings.push(clock.now())) };
}

describe("an alarm", () => {
  it("rings once, at the earliest time it was set for", async () => {
    const { clock, rings, alarm: it } = alarm();
    it.setNoLaterThan(50);
    it.setNoLaterThan(30);
    it.setNoLaterThan(40);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(100);
    expect(rings).toEqual([30]);
  });

  it("can be set again after it rang, from within too", async () => {
    const clock = new ManualClock();
    const rings: number[] = [];
    const again = new Alarm(clock, () => {
      rings.push(clock.now());
      again.setNoLaterThan(clock.now() + 10);
    });
    again.setNoLaterThan(10);
    await clock.advance(35);
    expect(rings).toEqual([10, 20, 30]);
  });

  it("rings at once for a time that has passed", async () => {
    const { clock, rings, alarm: it } = alarm();
    await clock.advance(100);
    it.setNoLaterThan(20);
    await clock.advance(0);
    expect(rings).toEqual([100]);
  });

  it("is not set by Infinity", () => {
    const { clock, alarm: it } = alarm();
    it.setNoLaterThan(Infinity);
    expect(clock.pendingTimers).toBe(0);
  });

  it("never rings again once it is closed", async () => {
    const { clock, rings, alarm: it } = alarm();
    it.setNoLaterThan(10);
    it.close();
    it.setNoLaterThan(20);
    expect(clock.pendingTimers).toBe(0);
    await clock.advance(100);
    expect(rings).toEqual([]);
  });

  it("does not keep the process alive", () => {
    const unreferenced: boolean[] = [];
    const timer = { cancel: () => undefined, ref: () => undefined, unref: () => unreferenced.push(true) };
    new Alarm({ now: () => 0, schedule: () => timer }, () => undefined).setNoLaterThan(10);
    expect(unreferenced).toEqual([true]);
  });
});
