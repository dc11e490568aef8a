import { describe, expect, it, vi } from "vitest";
import { AbortListeners } from "../../src/core/abort-listeners.js";

describe("listening to abort signals", () => {
  it("calls back everybody who listens, once each, in the order they came", () => {
    const called: string[] = [];
    const listeners = new AbortListeners();
    const controller = new AbortController();
    for (const name of ["a", "b", "c"]) listeners.add(controller.signal, () => called.push(name));
    controller.abort();
    expect(called).toEqual(["a", "b", "c"]);
  });

  it("does not call back who stopped listening", () => {
    const called: string[] = [];
    const listeners = new AbortListeners();
    const controller = new AbortController();
    const stop = listeners.add(controller.signal, () => called.push("a"));
    listeners.add(controller.signal, () => called.push("b"));
    stop();
    stop();
    controller.abort();
    expect(called).toEqual(["b"]);
  });

  it("adds one listener to a signal, however many share it, and takes it away after the last", () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    const listeners = new AbortListeners();
    const stops = Array.from({ length: 50 }, () => listeners.add(signal, () => undefined));
    expect(added).toHaveBeenCalledTimes(1);
    for (const stop of stops) stop();
    expect(removed).toHaveBeenCalledTimes(1);
  });

  it("tells signals apart", () => {
    const called: string[] = [];
    const listeners = new AbortListeners();
    const [a, b] = [new AbortController(), new AbortController()];
    listeners.add(a.signal, () => called.push("a"));
    listeners.add(b.signal, () => called.push("b"));
    b.abort();
    expect(called).toEqual(["b"]);
  });

  it("lets a callback be taken back after it was called", () => {
    const called: string[] = [];
    const listeners = new AbortListeners();
    const controller = new AbortController();
    const stop = listeners.add(controller.signal, () => called.push("a"));
    controller.abort();
    stop();
    expect(called).toEqual(["a"]);
  });
});
