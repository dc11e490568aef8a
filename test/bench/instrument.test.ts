import { expect, it } from "vitest";
import { InstrumentWatch, isLimit, watchLoopDelay } from "../../src/bench/instrument.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function burn(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

it("a busy event loop is seen as such, and an idle one between the stretches is not", async () => {
  const watch = new InstrumentWatch();
  expect(watch.reading()).toBeUndefined();
  await turn();
  for (let stretch = 0; stretch < 3; stretch++) {
    watch.begin();
    burn(30);
    await turn();
    watch.end();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const reading = watch.reading();
  expect(reading?.eventLoopUtilization).toBeGreaterThan(0.9);
  expect(reading?.cpu).toBeGreaterThan(0.1);
  expect(reading?.hostCpu).toBeGreaterThanOrEqual(0);
});

it("an idle event loop is no limit", async () => {
  const watch = new InstrumentWatch();
  watch.begin();
  await new Promise((resolve) => setTimeout(resolve, 50));
  watch.end();
  const reading = watch.reading();
  expect(reading && isLimit(reading)).toBe(false);
  expect(isLimit({ eventLoopUtilization: 0.99, cpu: 1, hostCpu: 0.5 })).toBe(true);
});

it("a blocked event loop shows in its delay", async () => {
  const watch = watchLoopDelay();
  await new Promise((resolve) => setTimeout(resolve, 30));
  burn(80);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(watch.read().max).toBeGreaterThan(50);
});
