import type { Operation, Strategy } from "../../src/bench/strategies/strategy.js";

export interface Fake extends Strategy {
  calls: number;
  mostAtOnce: number;
}

/**
 * A strategy whose operations do what the test says, and take as long.
 * @param work what the nth operation does, from 1; it may give the operation in full.
 */
export function fakeStrategy(work: (call: number) => Promise<unknown>): Fake {
  let now = 0;
  const strategy: Fake = {
    name: "unpooled",
    socketsOpened: 0,
    connectionsOpened: 0,
    calls: 0,
    mostAtOnce: 0,
    statistics: () => null,
    close: () => Promise.resolve(),
    async operate() {
      strategy.mostAtOnce = Math.max(strategy.mostAtOnce, ++now);
      try {
        const done = await work(++strategy.calls);
        return isOperation(done) ? done : { overhead: 0, doneAt: performance.now() };
      } finally {
        now--;
      }
    },
  };
  return strategy;
}

const isOperation = (value: unknown): value is Operation =>
  typeof value === "object" && value !== null && "doneAt" in value;
