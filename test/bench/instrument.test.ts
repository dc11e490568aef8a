import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { GcWatch } from "../../src/bench/gc-watch.js";
import { InstrumentWatch, watchLoopDelay } from "../../src/bench/instrument.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function burn(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const opened: GcWatch[] = [];
afterEach(() => opened.splice(0).forEach((garbage) => garbage.close()));

function garbageWatch(): GcWatch {
  const garbage = new GcWatch();
  opened.push(garbage);
  return garbage;
}

it("a busy event loop is seen as such, and an idle one between the stretches is not", async () => {
  const watch = new InstrumentWatch(garbageWatch());
  expect(watch.reading()).toBeUndefined();
  await turn();
  for (let stretch = 0; stretch < 3; stretch++) {
    watch.begin();
    burn(30);
    await turn();
    watch.end();
    await sleep(20);
  }
  const reading = watch.reading();
  expect(reading?.eventLoopUtilization).toBeGreaterThan(0.9);
  expect(reading?.cpu).toBeGreaterThan(0.1);
  expect(reading?.hostCpu).toBeGreaterThanOrEqual(0);
});

it("an idle event loop is seen as such", async () => {
  const watch = new InstrumentWatch(garbageWatch());
  watch.begin();
  await sleep(50);
  watch.end();
  expect(watch.reading()?.eventLoopUtilization).toBeLessThan(0.9);
});

it("a loop that only polls for the next arrival is not busy", async () => {
  const watch = new InstrumentWatch(garbageWatch());
  await turn();
  watch.begin();
  const startedAt = performance.now();
  burn(50);
  await turn();
  watch.end(performance.now() - startedAt);
  expect(watch.reading()?.eventLoopUtilization).toBeLessThan(0.5);
});

it("an end without a beginning is none", () => {
  const watch = new InstrumentWatch(garbageWatch());
  watch.end();
  expect(watch.reading()).toBeUndefined();
});

it("a blocked event loop shows in its delay", async () => {
  const watch = watchLoopDelay();
  await sleep(30);
  burn(80);
  await sleep(30);
  expect(watch.read().max).toBeGreaterThan(50);
});
