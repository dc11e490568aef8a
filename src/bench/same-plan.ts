import { formatDuration } from "../core/duration.js";
import { printable } from "../core/printable.js";
import type { BenchResult } from "./result.js";

type Plan = BenchResult["plan"];

/** What two results are called, as the ends of phrases: `there` and `here`. */
export type Sides = readonly [one: string, other: string];

/** The parts of a plan that one of its settings stands for, by name, in words that say all that matters of them. */
interface Setting {
  readonly words: (plan: Plan) => ReadonlyMap<string, string>;
  /** What is said of a plan that lacks a part which the other one has. */
  readonly without: (name: string) => string;
}

/** What a difference in is no matter to the figures. */
const NO_MATTER = null;

/**
 * Every setting of a plan, in the order in which differences are looked for.
 *
 * A different number of rounds is a different plan, because it sets how long a block is, and so are other strategies,
 * because a strategy's neighbours in time are part of what it meets; the order of strategies and of statements is
 * drawn anyway. A seed chooses among schedules that are equally good; permission to write writes nothing; twins, and
 * more rounds while a gate cannot tell, come on top of what the plan says.
 */
const SETTINGS: { readonly [Key in keyof Plan]: Setting | typeof NO_MATTER } = {
  loop: setting(({ loop }) => (loop === "gap" ? "a gap before each operation" : `a loop that is ${loop}`)),
  rate_per_second: setting(({ rate_per_second: rate }) => `a rate of ${rate ?? 0}/s`),
  arrivals: setting(({ arrivals }) => `${arrivals ?? "no"} arrivals`),
  gap_ms: setting(({ gap_ms: gap }) => `a gap of ${formatDuration(gap ?? 0)}`),
  strategies: setting(({ strategies }) => `strategies ${strategies.toSorted().join(" ")}`),
  queries: { words: queries, without: (sql) => `no ${quoted(sql)}` },
  concurrency: setting(({ concurrency }) => `concurrency ${concurrency}`),
  operations: setting(length),
  duration_ms: setting(length),
  rounds: setting(({ rounds }) => `${rounds} rounds`),
  warmup_operations: setting(({ warmup_operations: operations }) => `a warm-up of ${operations} operations`),
  warmup_limit_ms: setting(({ warmup_limit_ms: limit }) => `a warm-up of ${atMost(limit)}`),
  settle_ms: setting(({ settle_ms: settle }) => `a settle time of ${formatDuration(settle)}`),
  operation_timeout_ms: setting(
    ({ operation_timeout_ms: limit }) => `an operation timeout of ${formatDuration(limit)}`,
  ),
  connect_timeout_ms: setting(
    ({ connect_timeout_ms: limit }) => `a connect timeout of ${formatDuration(limit)}`,
  ),
  pool: { words: pool, without: (option) => printable(`no ${option}`) },
  seed: NO_MATTER,
  allow_writes: NO_MATTER,
  calibrate: NO_MATTER,
  max_duration_ms: NO_MATTER,
};

/**
 * The first thing in which two plans differ that matters to the figures, in words such as
 * `concurrency 1 there, concurrency 4 here`; `null` when results of the two can be compared.
 */
export function planDifference(one: Plan, other: Plan, sides: Sides = ["there", "here"]): string | null {
  for (const known of Object.values(SETTINGS)) {
    if (known === NO_MATTER) continue;
    const [before, after] = [known.words(one), known.words(other)];
    for (const name of new Set([...before.keys(), ...after.keys()])) {
      const told = [before, after].map((words) => words.get(name) ?? known.without(name));
      if (told[0] !== told[1]) return `${told[0]} ${sides[0]}, ${told[1]} ${sides[1]}`;
    }
  }
  return null;
}

/** A setting of one part. */
function setting(words: (plan: Plan) => string): Setting {
  return { words: (plan) => new Map([["", words(plan)]]), without: () => "" };
}

/** Weights are relative, so that it is the share of each statement that counts. */
function queries({ queries: all }: Plan): ReadonlyMap<string, string> {
  const total = all.reduce((sum, { weight }) => sum + weight, 0);
  const weights = new Map<string, number>();
  for (const { sql, weight } of all) weights.set(sql, (weights.get(sql) ?? 0) + weight);
  return new Map(
    [...weights].map(([sql, weight]) => {
      const percent = Number(((weight / total) * 100).toPrecision(4));
      return [sql, percent === 100 ? `only ${quoted(sql)}` : `${quoted(sql)} at ${percent} %`];
    }),
  );
}

function length({ operations, duration_ms: duration }: Plan): string {
  return operations === null ? `a duration of ${formatDuration(duration ?? 0)}` : `${operations} operations`;
}

function atMost(limit: number | null): string {
  return limit === null ? "any length" : `at most ${formatDuration(limit)}`;
}

/** What is set for pools is no matter where there is none. */
function pool({ pool: options, strategies }: Plan): ReadonlyMap<string, string> {
  if (!strategies.includes("pool") && !strategies.includes("keepalive")) return new Map();
  return new Map(Object.entries(options).map(([name, value]) => [name, printable(`${name} ${value}`)]));
}

const LONGEST = 60;

/** A statement in one line that is not too long. */
function quoted(sql: string): string {
  const line = printable(sql);
  return JSON.stringify(line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line);
}
