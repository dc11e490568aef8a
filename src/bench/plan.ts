import type { Milliseconds } from "../core/duration.js";
import { invalidOption, TursoPoolError } from "../core/errors.js";
import { checkLoad, type Load } from "./load.js";
import type { WeightedQuery } from "./workload.js";

/** How an operation gets its connection. */
export const STRATEGY_NAMES = ["unpooled", "client", "pool", "keepalive"] as const;
export type StrategyName = (typeof STRATEGY_NAMES)[number];

/** How long each strategy is measured: a number of operations, or a time. */
export type Length =
  | { readonly kind: "operations"; readonly operations: number }
  | { readonly kind: "duration"; readonly duration: Milliseconds };

/** Options of the pools under test; see the library's. */
export interface PoolSettings {
  readonly minConnections?: number;
  readonly maxConnections?: number;
  readonly connectionTimeout?: Milliseconds;
  readonly maxLifetime?: Milliseconds;
  readonly idleTimeout?: Milliseconds;
  readonly healthCheckTimeout?: Milliseconds;
  readonly keepAliveInterval?: Milliseconds;
  readonly staleThreshold?: Milliseconds;
  readonly pingTimeout?: Milliseconds;
  readonly enableProactivePing?: boolean;
  readonly enableHealthCheck?: boolean;
}

/** Everything that decides what a run does. The same plan gives the same schedule. */
export interface BenchPlan {
  readonly strategies: readonly StrategyName[];
  readonly queries: readonly WeightedQuery[];
  /** Whether statements may change the database. */
  readonly allowWrites: boolean;
  readonly load: Load;
  /** Callers of a closed loop, workers of an open one. */
  readonly concurrency: number;
  /** For each strategy, all rounds together, warm-up aside. */
  readonly length: Length;
  /** Operations for each strategy before the first round; not part of any figure. */
  readonly warmupOperations: number;
  /** The warm-up of a strategy ends after this time, however many operations that was. */
  readonly warmupLimit: Milliseconds | null;
  /** Every strategy runs one block a round, in an order drawn from the seed. */
  readonly rounds: number;
  readonly seed: number;
  /** The pause before each block, for sockets and garbage of the last one. */
  readonly settle: Milliseconds;
  readonly operationTimeout: Milliseconds;
  readonly connectTimeout: Milliseconds;
  readonly pool: PoolSettings;
  /** Every strategy runs twice, the second time as `…@again`: what differs between the two is noise. */
  readonly calibrate: boolean;
  /** Every strategy runs on a second database too, as `…@base`. */
  readonly against: boolean;
  /** Rounds are added while a gate cannot tell, until they have taken so long, warm-up aside. */
  readonly maxDuration: Milliseconds | null;
  /** Rounds stay as long as they were planned, because they are compared with those of a saved result. */
  readonly keepRounds: boolean;
}

const MAX_SEED = 2 ** 32 - 1;
/** Intervals come from resampling rounds; more of them cost time and tell no more. */
export const MAX_ROUNDS = 100;

/** Refuses a plan that makes no sense, naming the flag. @throws {TursoPoolError} `INVALID_OPTION` */
export function checkPlan(plan: BenchPlan): BenchPlan {
  checkLoad(plan.load);
  wholeNumber("--concurrency", plan.concurrency, 1);
  wholeNumber("--warmup", plan.warmupOperations, 0);
  wholeNumber("--rounds", plan.rounds, 1);
  if (plan.rounds > MAX_ROUNDS) throw invalidOption("--rounds", plan.rounds, `at most ${MAX_ROUNDS}`);
  wholeNumber("--seed", plan.seed, 0);
  if (plan.seed > MAX_SEED) throw invalidOption("--seed", plan.seed, `at most ${MAX_SEED}`);
  if (plan.length.kind === "operations") {
    wholeNumber("--operations", plan.length.operations, 1);
    const callers = plan.load.kind === "closed" ? plan.concurrency : 1;
    if (plan.length.operations < plan.rounds * callers) {
      throw invalidOption(
        "--operations",
        plan.length.operations,
        `at least ${plan.rounds * callers}: one for each of ${callers} callers in each of ${plan.rounds} --rounds`,
      );
    }
  } else if (plan.length.duration <= 0) throw invalidOption("--duration", "0", "longer than nothing");
  if (plan.strategies.length === 0) {
    throw new TursoPoolError("INVALID_OPTION", "--strategy: give at least one");
  }
  return Object.freeze(plan);
}

/** The part of a strategy's length that falls to one round; operations that do not divide go to the first ones. */
export function blockLength(length: Length, round: number, rounds: number): Length {
  if (length.kind === "duration") return { kind: "duration", duration: length.duration / rounds };
  const base = Math.floor(length.operations / rounds);
  return { kind: "operations", operations: base + (round < length.operations % rounds ? 1 : 0) };
}

function wholeNumber(flag: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw invalidOption(flag, value, `a whole number from ${least}`);
}
