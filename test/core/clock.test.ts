import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { realClock } from "../../src/core/clock.js";

const day = 24 * 3_600_000;

describe("the real clock", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => {
    // In this order: a spy on a fake timer that is restored later would bring the fake back.
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it("calls back once, when the time is up", () => {
    const callback = vi.fn();
    realClock.schedule(100, callback);
    vi.advanceTimersByTime(99);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1_000);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it("is not early when Node's timer is", () => {
    const callback = vi.fn();
    const now = vi.spyOn(performance, "now").mockReturnValue(0.9);
    realClock.schedule(100, callback);
    now.mockReturnValue(100.1);
    vi.advanceTimersByTime(100);
    expect(callback).not.toHaveBeenCalled();
    now.mockReturnValue(101.1);
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it("waits longer than Node's timers can", () => {
    const callback = vi.fn();
    realClock.schedule(60 * day, callback);
    vi.advanceTimersByTime(60 * day - 1);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it("takes Infinity for never", () => {
    const callback = vi.fn();
    const timer = realClock.schedule(Infinity, callback);
    vi.advanceTimersByTime(100 * day);
    expect(callback).not.toHaveBeenCalled();
    timer.cancel();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("forgets a timer that is cancelled, also in a later leg of a long wait", () => {
    const callback = vi.fn();
    const timer = realClock.schedule(60 * day, callback);
    vi.advanceTimersByTime(30 * day);
    timer.cancel();
    timer.cancel();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps the process alive, or not, through all legs of a long wait", () => {
    const handles = vi.spyOn(globalThis, "setTimeout");
    const timer = realClock.schedule(60 * day, () => undefined);
    timer.unref();
    vi.advanceTimersByTime(30 * day);
    const handle = handles.mock.results.at(-1)?.value as NodeJS.Timeout;
    expect(handle.hasRef()).toBe(false);
    timer.ref();
    expect(handle.hasRef()).toBe(true);
  });
});
