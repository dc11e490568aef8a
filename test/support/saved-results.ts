import { readFileSync } from "node:fs";
import type { SchemaObject } from "ajv";
import { seededRandom, type Random } from "../../src/core/random.js";
import type { BenchResult, RoundResult, StrategyResult } from "../../src/bench/result.js";
import { DurationHistogram } from "../../src/stats/histogram.js";
import { resultOf, withStrategies, type Medians } from "./bench-results.js";

/** What saved results are held to. */
export const RESULT_SCHEMA = JSON.parse(
  readFileSync(new URL("../../docs/bench-result.schema.json", import.meta.url), "utf8"),
) as SchemaObject;

/** How the rounds of a made-up result are. */
export interface Rounds {
  /** How many times the medians every duration is. */
  readonly scale?: number;
  /** What rounds differ by among themselves, as a factor either way at most. */
  readonly spread?: number;
  readonly rounds?: number;
  readonly seed?: number;
}

/** A made-up result whose rounds have durations around the medians, and differ among themselves. */
export function savedResult(medians: Medians, given: Rounds = {}): BenchResult {
  const { scale = 1, spread = 1.02, rounds = 10, seed = 1 } = given;
  const random = seededRandom(seed);
  return withStrategies(resultOf(medians), (one) => {
    const [latency, overhead] = medians[one.name as keyof Medians] ?? [1, 0];
    return withRounds(
      Array.from({ length: rounds }, () => {
        const luck = scale * spread ** (2 * random() - 1);
        return round(latency * luck, overhead === null ? null : overhead * luck, random);
      }),
    );
  });
}

/** What follows from these rounds, where readers look. */
function withRounds(rounds: readonly RoundResult[]): Partial<StrategyResult> {
  return { rounds, operations: rounds.reduce((sum, { operations }) => sum + operations, 0) };
}

const OPERATIONS = 100;

/** A hundred operations of one caller, from half to twice the median. */
function round(latency: number, overhead: number | null, random: Random): RoundResult {
  const durations = Array.from({ length: OPERATIONS }, () => latency * 2 ** (2 * random() - 1));
  return {
    operations: OPERATIONS,
    failed: 0,
    elapsed_ms: durations.reduce((sum, duration) => sum + duration, 0),
    latency_hdr: encoded(durations),
    service_latency_hdr: null,
    connection_overhead_hdr: encoded(
      overhead === null ? [] : durations.map((duration) => (duration / latency) * overhead),
    ),
  };
}

function encoded(durations: readonly number[]): string {
  const histogram = new DurationHistogram();
  for (const duration of durations) histogram.record(duration);
  return histogram.encode();
}
