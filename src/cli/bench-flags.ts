import { Flags, type Interfaces } from "@oclif/core";
import { formatDuration } from "../core/duration.js";
import { checkPlan, MAX_ROUNDS, STRATEGY_NAMES, type BenchPlan, type Length } from "../bench/plan.js";
import { parseQuery } from "../bench/workload.js";
import { embeddedFlags } from "./network-flags.js";
import { connectionFlags, duration, poolFlags, poolSettings, wholeNumber } from "./flags.js";

/** Long enough for blocks of 0.4 s: the first operations after a change of strategy are slower. */
const DEFAULT_DURATION = 4_000;
const DEFAULT_ROUNDS = 10;

/** The flags of `bench`. */
export const benchFlags = {
  ...connectionFlags,
  strategy: Flags.option({
    options: STRATEGY_NAMES,
    multiple: true,
    multipleNonGreedy: true,
    description: "How operations get their connection; repeatable. Default: all.",
  })(),
  query: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: "<sql[@weight]>",
    description: "Statement to run; repeatable, drawn by weight. [default: SELECT 1]",
  }),
  "allow-writes": Flags.boolean({
    description: "Run statements that write on a database that is not the embedded one.",
  }),
  concurrency: wholeNumber({ default: 1, description: "Callers, each with one operation at a time." }),
  operations: wholeNumber({ exclusive: ["duration"], description: "Operations for each strategy." }),
  duration: duration({
    description: `How long to measure each strategy. [default: ${formatDuration(DEFAULT_DURATION)}]`,
  }),
  warmup: wholeNumber({
    least: 0,
    default: 200,
    description: "Operations for each strategy beforehand, in no figure.",
  }),
  rounds: wholeNumber({
    most: MAX_ROUNDS,
    description: `Blocks for each strategy, interleaved with the others'. [default: ${DEFAULT_ROUNDS}]`,
  }),
  seed: wholeNumber({ least: 0, description: "Repeats a run's order and statements. Default: drawn." }),
  timeout: duration({
    default: 30_000,
    defaultHelp: async () => "30s",
    description: "An operation that takes longer counts as a timeout.",
  }),
  ...embeddedFlags,
  ...poolFlags,
};

/** What the flags of `bench` ask for. @throws {TursoPoolError} `INVALID_OPTION`, naming the flag. */
export function benchPlan(flags: Interfaces.InferredFlags<typeof benchFlags>): BenchPlan {
  const length: Length =
    flags.operations === undefined
      ? { kind: "duration", duration: flags.duration ?? DEFAULT_DURATION }
      : { kind: "operations", operations: flags.operations };
  // So few operations that they do not go round are fewer rounds; rounds that were asked for are not changed.
  const fewest =
    length.kind === "operations"
      ? Math.max(1, Math.floor(length.operations / flags.concurrency))
      : DEFAULT_ROUNDS;
  return checkPlan({
    strategies: STRATEGY_NAMES.filter((name) => flags.strategy?.includes(name) ?? true),
    queries: (flags.query ?? ["SELECT 1"]).map(parseQuery),
    allowWrites: flags["allow-writes"],
    concurrency: flags.concurrency,
    length,
    warmupOperations: flags.warmup,
    rounds: flags.rounds ?? Math.min(DEFAULT_ROUNDS, fewest),
    seed: flags.seed ?? Math.floor(Math.random() * 1_000_000),
    settle: 50,
    operationTimeout: flags.timeout,
    connectTimeout: flags["connect-timeout"],
    pool: poolSettings(flags),
  });
}
