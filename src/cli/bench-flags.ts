import { Flags, type Interfaces } from "@oclif/core";
import { contestantsOf } from "../bench/contestants.js";
import { checkThreshold } from "../bench/gates/check-threshold.js";
import { checkPlan, MAX_ROUNDS, STRATEGY_NAMES, type BenchPlan } from "../bench/plan.js";
import { parseQuery } from "../bench/workload.js";
import { formatDuration } from "../core/duration.js";
import { invalidOption, TursoPoolError } from "../core/errors.js";
import { connectionFlags, duration, poolFlags, poolSettings, wholeNumber } from "./flags.js";
import { gateFlags } from "./gate-flags.js";
import { loadFlags, loadPlan, type LoadPlan } from "./load-flags.js";
import { embeddedFlags } from "./network-flags.js";
import { outputFlags } from "./output-flags.js";

const DEFAULT_WARMUP = 2_000;
/** A default warm-up on a long wire ends by itself. */
const WARMUP_LIMIT_MS = 1_000;
/** While a gate cannot tell: this long, or this many times as long as was planned. */
const LEAST_PATIENCE_MS = 60_000;
const PATIENCE = 3;

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
  ...loadFlags,
  warmup: wholeNumber({
    least: 0,
    helpGroup: "LOAD",
    description: `Operations for each strategy beforehand, in no figure. [default: ${DEFAULT_WARMUP}, for 1s at most]`,
  }),
  rounds: wholeNumber({
    most: MAX_ROUNDS,
    helpGroup: "LOAD",
    description: "Blocks for each strategy, interleaved with the others'. [default: 10]",
  }),
  seed: wholeNumber({
    least: 0,
    helpGroup: "LOAD",
    description: "Repeats a run's order and statements. Default: drawn.",
  }),
  timeout: duration({
    default: 30_000,
    defaultHelp: async () => "30s",
    helpGroup: "LOAD",
    description: "An operation that takes longer counts as a timeout.",
  }),
  ...gateFlags,
  ...outputFlags,
  ...embeddedFlags,
  ...poolFlags,
};

export type BenchFlags = Interfaces.InferredFlags<typeof benchFlags>;

/** What the flags of `bench` ask for. @throws {TursoPoolError} `INVALID_OPTION`, naming the flag. */
export function benchPlan(flags: BenchFlags): BenchPlan {
  const load = loadPlan(flags);
  const strategies = STRATEGY_NAMES.filter((name) => flags.strategy?.includes(name) ?? true);
  const sides = { strategies, against: flags.against !== undefined, calibrate: flags.calibrate };
  const names = contestantsOf(sides).map(({ name }) => name);
  for (const threshold of flags.threshold ?? []) {
    checkThreshold(threshold, names);
    if (load.load.kind !== "gap" || threshold.expression.metric !== "throughput_per_second") continue;
    throw new TursoPoolError("INVALID_OPTION", `--threshold: "${threshold.text}" says nothing with --gap`, {
      hint: "How many operations there are in a second is what the gaps make it.",
    });
  }
  return checkPlan({
    ...sides,
    load: load.load,
    queries: (flags.query ?? ["SELECT 1"]).map(parseQuery),
    allowWrites: flags["allow-writes"],
    concurrency: load.concurrency,
    length: load.length,
    warmupOperations: flags.warmup ?? DEFAULT_WARMUP,
    warmupLimit: flags.warmup === undefined ? WARMUP_LIMIT_MS : null,
    rounds: flags.rounds ?? load.rounds,
    seed: flags.seed ?? Math.floor(Math.random() * 1_000_000),
    settle: 50,
    operationTimeout: flags.timeout,
    connectTimeout: flags["connect-timeout"],
    keepRounds: flags.baseline !== undefined,
    maxDuration: maxDuration(flags, load, names.length),
    pool: poolSettings(flags),
  });
}

/** How long the whole run may take while a gate cannot tell; `null` where nothing waits for a verdict. */
function maxDuration(flags: BenchFlags, { length, load }: LoadPlan, contestants: number): number | null {
  const isGated = (flags.threshold ?? []).length > 0 || flags["max-regression"] !== undefined;
  if (flags["max-duration"] !== undefined && !isGated) {
    throw new TursoPoolError("INVALID_OPTION", "--max-duration: there is no gate to go on sampling for", {
      hint: "Add --threshold or --max-regression; --duration is how long each strategy is measured.",
    });
  }
  if (!isGated) return null;
  const planned =
    load.kind === "gap" && length.kind === "operations"
      ? length.operations * load.gap
      : length.kind === "duration"
        ? length.duration * contestants
        : 0;
  const most = flags["max-duration"] ?? Math.max(LEAST_PATIENCE_MS, PATIENCE * planned);
  if (most >= planned) return most;
  const all = `the ${formatDuration(planned)} that ${contestants} ${contestants === 1 ? "strategy takes" : "strategies take"}`;
  throw invalidOption("--max-duration", formatDuration(most), `at least ${all}; see --duration`);
}
