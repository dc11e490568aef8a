import { operate } from "../../bench/operate.js";
import type { Block } from "../../bench/operate.js";
import type { Milliseconds } from "../../core/duration.js";
import { pause } from "../../core/pause.js";
import type { Clock } from "../../core/clock.js";
import type { Random } from "../../core/random.js";
import type { Profile } from "../profile.js";

/** A burst: so many operations at once, so long after the block began. */
export interface Burst {
  readonly at: Milliseconds;
  readonly operations: number;
}

/** Long enough for this many operations, within these bounds. */
const OPERATIONS_PER_BLOCK = 40;
const SHORTEST_BLOCK: Milliseconds = 400;
const LONGEST_BLOCK: Milliseconds = 2_000;

/** How long a block of this traffic is. */
export function blockDuration({ perSecond }: Pick<Profile, "perSecond">): Milliseconds {
  const wanted = (1_000 * OPERATIONS_PER_BLOCK) / perSecond;
  return Math.min(LONGEST_BLOCK, Math.max(SHORTEST_BLOCK, wanted));
}

/**
 * A block of the profile's traffic: bursts that arrive independently of each other, as many as the rate says and at
 * least one, at times drawn uniformly (a Poisson process, given how many came).
 */
export function arrivalsOf(profile: Profile, duration: Milliseconds, random: Random): Burst[] {
  return Array.from({ length: burstsIn(profile, duration) }, () => random() * duration)
    .sort((a, b) => a - b)
    .map((at) => ({ at, operations: profile.burst }));
}

function burstsIn({ perSecond, burst }: Traffic, duration: Milliseconds): number {
  return Math.max(1, Math.round((perSecond * duration) / 1_000 / burst));
}

type Traffic = Pick<Profile, "perSecond" | "burst">;

/** How many operations a block has. */
export function operationsPerBlock(profile: Traffic): number {
  return profile.burst * burstsIn(profile, blockDuration(profile));
}

/** How many operations a second arrive in a block; whole bursts are not always what the profile says. */
export function rateInBlocks(profile: Traffic): number {
  return operationsPerBlock(profile) / (blockDuration(profile) / 1_000);
}

/** Operations that arrive at their own times, whether the pool keeps up or not; latency counts from when they were due. */
export async function runArrivals(
  block: Pick<Block, "strategy" | "nextSql" | "recorder" | "deadline" | "signal">,
  bursts: readonly Burst[],
  clock: Clock,
): Promise<void> {
  const { signal, recorder } = block;
  const startedAt = performance.now();
  const underWay: Promise<void>[] = [];
  for (const { at, operations } of bursts) {
    await pause(clock, startedAt + at - performance.now(), signal);
    if (signal.aborted) break;
    for (let i = 0; i < operations; i++) underWay.push(operate(block, recorder, startedAt + at));
  }
  await Promise.all(underWay);
  recorder.endRound(performance.now() - startedAt);
}
