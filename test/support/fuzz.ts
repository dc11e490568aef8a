import { seededRandom, type Random } from "#dist/core/random.js";

/**
 * A longer or another run: `FUZZ_ROUNDS=10000 FUZZ_SEED=7 npx vitest run fuzz`. What failed in one round is repeated by
 * `FUZZ_ROUNDS=1` with the seed that the failure names.
 */
export const ROUNDS = Number(process.env.FUZZ_ROUNDS ?? 300);
export const SEED = Number(process.env.FUZZ_SEED ?? 20_240_917);

/** Nothing here takes a hundredth of it. */
const HANGS_AFTER_MS = 20_000;

/**
 * Does something so many times, each time with chance of its own, and says which time failed, or did not end.
 * @param atOnce so many side by side
 */
export async function fuzz(
  rounds: number,
  round: (random: Random) => Promise<void>,
  atOnce = 1,
): Promise<void> {
  for (let number = 0; number < rounds; number += atOnce) {
    const seeds = Array.from(
      { length: Math.min(atOnce, Math.ceil(rounds - number)) },
      (_, i) => SEED + number + i,
    );
    await Promise.all(seeds.map((seed) => withSeed(seed, round)));
  }
}

async function withSeed(seed: number, round: (random: Random) => Promise<void>): Promise<void> {
  let watch: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_, reject) => {
    watch = setTimeout(() => reject(new Error("it hangs")), HANGS_AFTER_MS);
  });
  try {
    await Promise.race([round(seededRandom(seed)), hung]);
  } catch (cause) {
    throw new Error(`FUZZ_SEED=${seed} FUZZ_ROUNDS=1: ${String(cause)}`, { cause });
  } finally {
    clearTimeout(watch);
  }
}

export const chance = (random: Random, probability: number): boolean => random() < probability;
export const below = (random: Random, bound: number): number => Math.floor(random() * bound);
export const pick = <T>(random: Random, items: readonly T[]): T => items[below(random, items.length)] as T;

/** So many random bytes. */
export function bytes(random: Random, length: number): Buffer {
  const made = Buffer.alloc(length);
  for (let at = 0; at < length; at++) made[at] = below(random, 256);
  return made;
}

/** What is of a wrong type, too large, or no text. */
const ODD: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  1e300,
  2 ** 31,
  "",
  "\0",
  "\ud800",
  "9".repeat(400),
  [],
  {},
  [[[[]]]],
  { type: "integer", value: "9223372036854775808" },
  { type: "text", value: "a\0b" },
];

/** The same value with something in it replaced, left out, or put in twice. */
export function mutate(value: unknown, random: Random): unknown {
  return mutated(value, random, 1);
}

/** As {@link mutate}, several times as much. */
export function mutateHard(value: unknown, random: Random): unknown {
  return mutated(value, random, 4);
}

function mutated(value: unknown, random: Random, often: number): unknown {
  if (chance(random, 0.02 * often)) return pick(random, ODD);
  if (typeof value === "string" && chance(random, 0.04)) {
    const at = below(random, value.length + 1);
    return value.slice(0, at) + String.fromCharCode(below(random, 300)) + value.slice(at + 1);
  }
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    return items.flatMap((item) =>
      chance(random, 0.02 * often) ? [item, item] : [mutated(item, random, often)],
    );
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) =>
      chance(random, 0.01 * often) ? [] : [[key, mutated(item, random, often)]],
    ),
  );
}

/** Text that was cut or scratched somewhere, once in twenty times. */
export function spoil(text: string, random: Random): string {
  if (chance(random, 0.95)) return text;
  const at = below(random, text.length);
  return chance(random, 0.5)
    ? text.slice(0, at)
    : text.slice(0, at) + pick(random, ["{", '"', "]", "\n", "\\u"]) + text.slice(at + 1);
}

/** Bytes of which a few are others, missing, or there twice. */
export function scratch(data: Buffer, random: Random): Buffer {
  const copy = Buffer.from(data);
  for (let times = below(random, 4); times >= 0; times--) {
    const at = below(random, copy.length);
    copy[at] = below(random, 256);
  }
  const cut = below(random, copy.length);
  if (chance(random, 0.2)) return copy.subarray(0, cut);
  return chance(random, 0.1) ? Buffer.concat([copy, copy.subarray(cut)]) : copy;
}
