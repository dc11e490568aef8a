import { afterEach, expect, test } from "vitest";
import { realClock } from "../../../src/core/clock.js";
import { ManualClock, settle } from "../../../src/core/manual-clock.js";
import { DeliveryQueue } from "../../../src/server/network/delivery-queue.js";

let queue: DeliveryQueue | undefined;
afterEach(() => queue?.close());

test("deliveries are made when they are due, and in the order in which they are", async () => {
  const clock = new ManualClock();
  const made: string[] = [];
  queue = new DeliveryQueue(clock);
  for (const [due, name] of [
    [30, "last"],
    [10, "first"],
    [20, "second"],
    [20, "with the second, but later"],
  ] as const)
    queue.at(due, () => made.push(name));
  await clock.advance(9.9);
  expect(made).toEqual([]);
  await clock.advance(0.1);
  await settle();
  expect(made).toEqual(["first"]);
  await clock.advance(10);
  await settle();
  expect(made).toEqual(["first", "second", "with the second, but later"]);
  await clock.advance(10);
  await settle();
  expect(made.at(-1)).toBe("last");
  expect(clock.pendingTimers).toBe(0);
});

test("what is asked for during a delivery, and is due, is delivered with it", async () => {
  const clock = new ManualClock();
  const made: number[] = [];
  queue = new DeliveryQueue(clock);
  const line = queue;
  line.at(5, () => {
    made.push(1);
    line.at(5, () => made.push(2));
    line.at(4, () => made.push(3));
  });
  await clock.advance(5);
  await settle();
  expect(made).toEqual([1, 3, 2]);
});

test("nothing is delivered after it was closed", async () => {
  const clock = new ManualClock();
  const made: number[] = [];
  queue = new DeliveryQueue(clock);
  queue.at(1, () => made.push(1));
  queue.at(100, () => made.push(100));
  queue.close();
  await clock.advance(1_000);
  await settle();
  expect([made, clock.pendingTimers]).toEqual([[], 0]);
});

test("on the real clock nothing is early, and not by a whole timer's tick late", async () => {
  const line = (queue = new DeliveryQueue(realClock));
  const late: number[] = [];
  for (let i = 0; i < 30; i++) {
    const due = performance.now() + 6.3;
    await new Promise<void>((resolve) => line.at(due, resolve));
    late.push(performance.now() - due);
  }
  late.sort((a, b) => a - b);
  expect(late[0]).toBeGreaterThanOrEqual(0);
  // The best tenth: other programs on this machine may delay any of them.
  expect(late[3]).toBeLessThan(0.5);
});
