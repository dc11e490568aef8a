import { afterEach, expect, it } from "vitest";
import { realClock } from "../../src/core/clock.js";
import { ManualClock, settle } from "../../src/core/manual-clock.js";
import { PunctualAlarm } from "../../src/core/punctual-alarm.js";

let alarm: PunctualAlarm | undefined;
afterEach(() => alarm?.close());

it("rings once, at the earliest time that it was set for", async () => {
  const clock = new ManualClock();
  const rung: number[] = [];
  alarm = new PunctualAlarm(clock, () => rung.push(clock.now()));
  alarm.setNoLaterThan(30);
  alarm.setNoLaterThan(10);
  alarm.setNoLaterThan(20);
  await clock.advance(9.9);
  expect(rung).toEqual([]);
  await clock.advance(0.1);
  await settle();
  expect(rung).toEqual([10]);
  await clock.advance(100);
  await settle();
  expect([rung, clock.pendingTimers]).toEqual([[10], 0]);
});

it("can be set again from within, and is heard in a later turn", async () => {
  const clock = new ManualClock();
  const rung: number[] = [];
  const again = (alarm = new PunctualAlarm(clock, () => {
    rung.push(clock.now());
    if (rung.length < 2) again.setNoLaterThan(clock.now());
  }));
  alarm.setNoLaterThan(0);
  expect(rung).toEqual([]);
  await settle();
  await settle();
  expect(rung).toEqual([0, 0]);
});

it.each([0, 50])("never rings once closed, %i ms before it is due", async (left) => {
  const clock = new ManualClock();
  alarm = new PunctualAlarm(clock, () => expect.unreachable());
  alarm.setNoLaterThan(left);
  alarm.close();
  alarm.setNoLaterThan(1);
  await clock.advance(100);
  await settle();
  expect(clock.pendingTimers).toBe(0);
});

it("is never early on a real clock", async () => {
  const due = realClock.now() + 5.3;
  const rungAt = await new Promise<number>((resolve) => {
    alarm = new PunctualAlarm(realClock, () => resolve(realClock.now()));
    alarm.setNoLaterThan(due);
    // The alarm itself keeps no process alive.
    setTimeout(() => undefined, 1_000).unref();
  });
  expect(rungAt).toBeGreaterThanOrEqual(due);
});
