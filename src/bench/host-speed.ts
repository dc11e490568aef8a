import { createHash } from "node:crypto";

const DATA = Buffer.alloc(65_536, "turso-pool");
const PASSES = 50;

/**
 * How fast this machine is now, in runs of a fixed calculation per millisecond (the best of some passes, of a few
 * milliseconds in all). Nothing about databases: it only tells whether a saved result was measured at the same speed.
 * The calculation is a hash, because that is compiled ahead: a loop of our own would be 18 times as fast once the
 * engine has come to optimise it, which it does at some time in the run.
 */
export function hostSpeed(): number {
  let best = Infinity;
  for (let pass = 0; pass < PASSES; pass++) {
    const startedAt = performance.now();
    createHash("sha256").update(DATA).digest();
    best = Math.min(best, performance.now() - startedAt);
  }
  return 1 / best;
}
