// How long an acquire and its release take. Nothing here prints.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { seededRandom, shuffled } from "../../dist/core/random.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc");

const OPERATIONS = 20_000;
const CALLERS = 100;

const nanoseconds = async (operations, work) => {
  const start = performance.now();
  await work();
  return ((performance.now() - start) * 1e6) / operations;
};

async function oneAfterTheOther(pool, operations) {
  for (let i = 0; i < operations; i++) pool.release(await pool.acquire());
}

/** One caller on an idle pool. */
export const uncontended = (pool) => nanoseconds(OPERATIONS, () => oneAfterTheOther(pool, OPERATIONS));

/** 100 callers, each of them again and again, on 10 connections. */
export const contended = (pool) =>
  nanoseconds(OPERATIONS, () =>
    Promise.all(Array.from({ length: CALLERS }, () => oneAfterTheOther(pool, OPERATIONS / CALLERS))),
  );

/** `waiters` callers queue up for one connection, then each of them gets it once. Milliseconds in all. */
export async function drain(contender, waiters) {
  collectGarbage();
  const pool = contender.make(1);
  const holder = await pool.acquire();
  const start = performance.now();
  const served = Array.from({ length: waiters }, () => pool.acquire().then((it) => pool.release(it)));
  pool.release(holder);
  await Promise.all(served);
  const took = performance.now() - start;
  await pool.close();
  return took;
}

/**
 * Medians per contender and scenario. All contenders take turns, in a new random order in each round,
 * so that whatever else the machine does hits all of them alike.
 */
export async function compare(contenders, { rounds, seed }) {
  const random = seededRandom(seed);
  const runners = contenders.map((contender) => ({
    contender,
    pool: contender.make(10),
    uncontended: [],
    contended: [],
  }));
  for (let round = -2; round < rounds; round++) {
    for (const runner of shuffled(runners, random)) {
      const times = { uncontended: await uncontended(runner.pool), contended: await contended(runner.pool) };
      if (round < 0) continue; // Warming up: opening connections, compiling.
      runner.uncontended.push(times.uncontended);
      runner.contended.push(times.contended);
    }
  }
  for (const { pool } of runners) await pool.close();
  return runners.map(({ contender, ...times }) => ({
    name: contender.name,
    kind: contender.kind,
    uncontended: median(times.uncontended),
    contended: median(times.contended),
  }));
}

/** The best times to drain `waiters` and twice as many, in turns: whatever disturbs only adds to them. */
export async function linearity(contender, waiters, rounds) {
  let [once, twice] = [Infinity, Infinity];
  await drain(contender, waiters / 4);
  for (let round = 0; round < rounds; round++) {
    once = Math.min(once, await drain(contender, waiters));
    twice = Math.min(twice, await drain(contender, waiters * 2));
  }
  return { name: contender.name, kind: contender.kind, waiters, once, twice };
}

export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
