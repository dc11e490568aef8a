import { describe, expect, test } from "vitest";
import { ManualClock, settle } from "../../src/core/manual-clock.js";
import { WriteLock } from "../../src/server/write-lock.js";

class Owner {
  rollbacks = 0;
  answer: boolean | undefined;

  forceRollback(): void {
    this.rollbacks++;
  }

  async ask(lock: WriteLock): Promise<void> {
    this.answer = await lock.acquire(this);
  }
}

function setUp() {
  const clock = new ManualClock();
  const lock = new WriteLock({ clock, busyTimeout: 5_000, idleTimeout: 3_000 });
  return { clock, lock, a: new Owner(), b: new Owner(), c: new Owner() };
}

describe("the write lock", () => {
  test("is had at once when nobody holds it, and again by its holder", () => {
    const { lock, a } = setUp();
    expect(lock.acquire(a)).toBe(true);
    expect(lock.acquire(a)).toBe(true);
    expect(lock.isHeldBy(a)).toBe(true);
  });

  test("goes to waiters first come, first served", async () => {
    const { lock, a, b, c, clock } = setUp();
    await a.ask(lock);
    void b.ask(lock);
    void c.ask(lock);
    lock.release(a);
    await settle();
    expect([b.answer, c.answer]).toEqual([true, undefined]);
    lock.release(b);
    await settle();
    expect(c.answer).toBe(true);
    lock.release(c);
    expect(clock.pendingTimers).toBe(0);
  });

  test("is refused after the busy timeout while its holder keeps working", async () => {
    const { lock, a, b, clock } = setUp();
    await a.ask(lock);
    void b.ask(lock);
    for (let waited = 0; waited < 4_000; waited += 1_000) {
      await clock.advance(1_000);
      lock.touch(a);
    }
    expect(b.answer).toBeUndefined();
    await clock.advance(1_000);
    expect(b.answer).toBe(false);
    expect(a.rollbacks).toBe(0);
  });

  test("is taken from a holder that does nothing while another one waits", async () => {
    const { lock, a, b, clock } = setUp();
    await a.ask(lock);
    await clock.advance(10_000);
    expect(a.rollbacks).toBe(0);
    void b.ask(lock);
    await clock.advance(0);
    expect([a.rollbacks, b.answer]).toEqual([1, true]);
    expect(lock.isHeldBy(b)).toBe(true);
  });

  test("an idle holder loses against a waiter whose time is up in the same moment", async () => {
    const clock = new ManualClock();
    const lock = new WriteLock({ clock, busyTimeout: 5_000, idleTimeout: 5_000 });
    const [a, b] = [new Owner(), new Owner()];
    await a.ask(lock);
    void b.ask(lock);
    await clock.advance(5_000);
    expect([a.rollbacks, b.answer]).toEqual([1, true]);
  });

  test("a waiter that gives up hears no, and does not get it later", async () => {
    const { lock, a, b, clock } = setUp();
    await a.ask(lock);
    void b.ask(lock);
    lock.cancel(b);
    await settle();
    expect(b.answer).toBe(false);
    lock.release(a);
    expect(lock.isHeldBy(b)).toBe(false);
    expect(clock.pendingTimers).toBe(0);
  });

  test("releasing what one does not hold changes nothing", () => {
    const { lock, a, b } = setUp();
    void a.ask(lock);
    lock.release(b);
    expect(lock.isHeldBy(a)).toBe(true);
  });
});
