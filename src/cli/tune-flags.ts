import { Flags, type Interfaces } from "@oclif/core";
import { parseQuery, type WeightedQuery } from "../bench/workload.js";
import { invalidOption, TursoPoolError } from "../core/errors.js";
import { parseRate } from "../core/rate.js";
import { effectOf } from "../core/sql/read-only.js";
import type { TunePlan } from "../tune/plan.js";
import { profileOf, WORKLOADS } from "../tune/profile.js";
import { connectionFlags, duration, poolFlags, poolSettings, wholeNumber } from "./flags.js";
import type { Current } from "./tune-current.js";
import { tuneServerFlags } from "./tune-server-flags.js";

const LONGEST_IDLE = 90_000;
const DEFAULT_CONNECTIONS = 32;
const MAX_SEED = 2 ** 32 - 1;

/** What the settings are for. */
const workloadFlags = {
  workload: Flags.option({
    options: WORKLOADS,
    helpGroup: "WORKLOAD",
    description:
      "How operations arrive and what counts; --rate, --burst, --gap and --read-write change it. [default: default]",
  })(),
  rate: Flags.custom<number>({
    helpGroup: "WORKLOAD",
    helpValue: "<n/s>",
    description: "Operations that arrive on average, such as 200/s or 30/m.",
    parse: async (text) => parseRate(text, "--rate"),
  })(),
  burst: wholeNumber({ helpGroup: "WORKLOAD", description: "Operations that arrive at once." }),
  gap: duration({
    least: 0,
    helpGroup: "WORKLOAD",
    description: "The longest usual pause between operations; 0s for none.",
  }),
  "read-write": Flags.custom<number>({
    helpGroup: "WORKLOAD",
    helpValue: "<r:w>",
    description:
      "Reads to writes, such as 90:10. No write is run: a read stands in for it. Default: the workload's, all reads.",
    parse: async (text) => parseReadWrite(text, "--read-write"),
  })(),
  query: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpGroup: "WORKLOAD",
    helpValue: "<sql[@weight]>",
    description: "What an operation is; repeatable, drawn by weight; only reads. [default: SELECT 1]",
  }),
  quota: wholeNumber({
    helpGroup: "WORKLOAD",
    description: "Queries a day that your plan includes, for the bill.",
  }),
};

/** The flags of `tune`. */
export const tuneFlags = {
  ...connectionFlags,
  ...workloadFlags,
  "max-idle": duration({
    most: LONGEST_IDLE,
    description: "The longest idle time that is tried, 90s at most. Default: by workload, 30s to 90s.",
  }),
  budget: duration({
    default: 300_000,
    defaultHelp: async () => "5m",
    description: "How long all phases may take together.",
  }),
  "max-connections-tried": wholeNumber({
    least: 2,
    default: DEFAULT_CONNECTIONS,
    description: "Never more connections than these at one time.",
  }),
  timeout: duration({
    default: 5_000,
    defaultHelp: async () => "5s",
    description: "A statement that takes longer has failed.",
  }),
  seed: wholeNumber({
    least: 0,
    most: MAX_SEED,
    description: "Repeats a run's order, arrivals and statements. Default: drawn.",
  }),
  apply: Flags.string({
    helpValue: "<file>",
    description:
      "Put what is recommended into the “pool” of this configuration file, which is made when it is missing, and show the difference. What it says until then counts as what you have now.",
  }),
  "dry-run": Flags.boolean({
    description: "Print the plan, and connect to nothing: how many connections, how long, how many queries.",
  }),
  ...poolFlags,
  ...tuneServerFlags,
};

export type TuneFlags = Interfaces.InferredFlags<typeof tuneFlags>;

/**
 * What the flags ask for.
 * @throws {TursoPoolError} `INVALID_OPTION` or `WRITE_REFUSED`, naming the flag
 */
export function tunePlan({ flags, sources }: Current<TuneFlags>): TunePlan {
  const { rate: perSecond, burst, gap, "read-write": writes } = flags;
  const profile = profileOf(flags.workload ?? "default", { perSecond, burst, gap, writes });
  return {
    profile,
    current: poolSettings(flags),
    currentFrom: sources.length === 0 ? "the library's defaults" : listed(sources),
    maxIdle: flags["max-idle"] ?? profile.maxIdle,
    budget: flags.budget,
    maxConnectionsTried: flags["max-connections-tried"],
    queries: (flags.query ?? ["SELECT 1"]).map(read),
    quotaPerDay: flags.quota ?? null,
    seed: flags.seed ?? Math.floor(Math.random() * 1_000_000),
  };
}

/** Whatever it is tuned for, nothing is written. */
function read(text: string): WeightedQuery {
  const query = parseQuery(text);
  if (effectOf(query.sql) !== "some") return query;
  throw new TursoPoolError("WRITE_REFUSED", `--query: ${JSON.stringify(query.sql)} may write`, {
    hint: "Tuning only reads: give the reads here, and the share of writes with --read-write.",
  });
}

/** Reads `90:10` as the share of writes. @throws {TursoPoolError} `INVALID_OPTION` */
function parseReadWrite(text: string, flag: string): number {
  const [, reads, writes] = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(text.trim()) ?? [];
  const share = Number(writes) / (Number(reads) + Number(writes));
  if (Number.isFinite(share)) return share;
  throw invalidOption(flag, text, "reads to writes, such as 90:10");
}

function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
