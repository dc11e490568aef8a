import { Flags, type Interfaces } from "@oclif/core";
import { ARRIVALS, checkLoad, type Load } from "../bench/load.js";
import type { Length } from "../bench/plan.js";
import { formatDuration } from "../core/duration.js";
import { invalidOption } from "../core/errors.js";
import { parseRate } from "../core/rate.js";
import { duration, wholeNumber } from "./flags.js";

/** Long enough for blocks of 0.4 s: the first operations after a change of strategy are slower. */
const DEFAULT_DURATION = 4_000;
/** Blocks of 1 s: a stall that is longer than a block is cut short. */
const DEFAULT_OPEN_DURATION = 10_000;
const DEFAULT_ROUNDS = 10;
const DEFAULT_WORKERS = 10;
/** The fewest that carry a P95. */
const DEFAULT_GAPS = 20;
/** A block of an open loop with fewer arrivals than this says little. */
const LEAST_ARRIVALS = 5;

/** When operations begin, and how many. */
export const loadFlags = {
  concurrency: wholeNumber({
    helpGroup: "LOAD",
    description: `Callers, each with one operation at a time; with --rate, workers. [default: 1; with --rate ${DEFAULT_WORKERS}]`,
  }),
  rate: Flags.custom<number>({
    helpGroup: "LOAD",
    helpValue: "<n/s>",
    exclusive: ["gap"],
    description:
      "Open loop: operations arrive at this rate, such as 200/s, whether the database keeps up or not.",
    parse: async (text) => parseRate(text, "--rate"),
  })(),
  arrivals: Flags.option({
    options: ARRIVALS,
    helpGroup: "LOAD",
    dependsOn: ["rate"],
    description: "Evenly spaced, or at random as independent callers come. [default: constant]",
  })(),
  gap: duration({
    helpGroup: "LOAD",
    description: "One operation after each idle gap of this length: what keep-alive is for.",
  }),
  operations: wholeNumber({
    helpGroup: "LOAD",
    exclusive: ["duration"],
    description: `Operations for each strategy. [default with --gap: ${DEFAULT_GAPS}]`,
  }),
  duration: duration({
    helpGroup: "LOAD",
    description: `How long to measure each strategy. [default: ${formatDuration(DEFAULT_DURATION)}; with --rate ${formatDuration(DEFAULT_OPEN_DURATION)}]`,
  }),
};

type LoadFlagValues = Interfaces.InferredFlags<typeof loadFlags>;

/** What the flags ask for, but for the number of rounds, which may be given. */
export interface LoadPlan {
  readonly load: Load;
  readonly concurrency: number;
  readonly length: Length;
  /** So many rounds suit it. */
  readonly rounds: number;
}

/** The load that the flags ask for. @throws {TursoPoolError} `INVALID_OPTION`, naming the flag. */
export function loadPlan(flags: LoadFlagValues): LoadPlan {
  const load = loadOf(flags);
  checkLoad(load);
  if (load.kind === "gap") return gapPlan(load, flags);
  const length: Length =
    flags.operations === undefined
      ? { kind: "duration", duration: flags.duration ?? defaultDuration(load) }
      : { kind: "operations", operations: flags.operations };
  const concurrency = flags.concurrency ?? (load.kind === "open" ? DEFAULT_WORKERS : 1);
  const fewest = fewestRounds(load, length, concurrency);
  return { load, concurrency, length, rounds: Math.max(1, Math.min(DEFAULT_ROUNDS, fewest)) };
}

const defaultDuration = ({ kind }: Load): number =>
  kind === "open" ? DEFAULT_OPEN_DURATION : DEFAULT_DURATION;

function loadOf({ rate, arrivals, gap }: LoadFlagValues): Load {
  if (rate !== undefined) return { kind: "open", perSecond: rate, arrivals: arrivals ?? "constant" };
  return gap === undefined ? { kind: "closed" } : { kind: "gap", gap };
}

/** Every operation has a round of its own: it is what the gaps before it made of it. */
function gapPlan(load: Extract<Load, { kind: "gap" }>, flags: LoadFlagValues): LoadPlan {
  if (flags.concurrency !== undefined && flags.concurrency > 1) {
    throw invalidOption("--concurrency", flags.concurrency, "1 with --gap: each gap ends with one operation");
  }
  const operations = flags.operations ?? Math.floor((flags.duration ?? DEFAULT_GAPS * load.gap) / load.gap);
  if (operations < 1) {
    throw invalidOption(
      "--duration",
      formatDuration(flags.duration ?? 0),
      `at least one --gap (${formatDuration(load.gap)})`,
    );
  }
  return {
    load,
    concurrency: 1,
    length: { kind: "operations", operations },
    rounds: Math.min(operations, 100),
  };
}

/** So few operations that they do not go round are fewer rounds. */
function fewestRounds(load: Load, length: Length, concurrency: number): number {
  if (length.kind === "operations") {
    return Math.floor(length.operations / (load.kind === "closed" ? concurrency : LEAST_ARRIVALS));
  }
  if (load.kind !== "open") return DEFAULT_ROUNDS;
  return Math.floor((length.duration / 1_000) * (load.perSecond / LEAST_ARRIVALS));
}
