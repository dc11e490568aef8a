import type { Milliseconds } from "../core/duration.js";

const ROUNDS = 20_000;
const PASSES = 5;

/**
 * How fast this machine is now, in runs of a fixed calculation per millisecond (the best of a few passes, of about
 * 1 ms in all). Nothing about databases: it only tells whether a saved result was measured at the same speed.
 */
export function hostSpeed(): number {
  let best: Milliseconds = Infinity;
  let state = 1;
  for (let pass = 0; pass < PASSES; pass++) {
    const startedAt = performance.now();
    for (let i = 0; i < ROUNDS; i++) state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + i) | 0;
    best = Math.min(best, performance.now() - startedAt);
  }
  // The result is used, so that the loop is not optimised away.
  return state === 0 ? 0 : 1 / best;
}
