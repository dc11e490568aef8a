import type { Random } from "../core/random.js";
import { drawResamples, type Resamples } from "../stats/bootstrap.js";
import { percentilesOf, type Buckets } from "../stats/buckets.js";
import { leastCount, PERCENTILES, type Percentile } from "../stats/summary.js";
import { parseMetric, type DurationFamily, type MetricName, type MetricParts } from "./metrics.js";
import type { Round } from "./round.js";

/** A contestant's rounds. */
export interface Measured {
  readonly name: string;
  readonly rounds: readonly Round[];
}

/** A figure, and what it would have been had other rounds been drawn: that is how sure it is. */
export interface Figure {
  /** `null` when it was not measured, or the sample cannot carry it. */
  readonly value: number | null;
  /** Its value in each resample; empty when no interval can be told. */
  readonly resampled: readonly (number | null)[];
  /** How many rounds were there to draw from. */
  readonly rounds: number;
}

/**
 * So many operations have to lie beyond a percentile for an interval of it: with fewer it hangs on single
 * operations, of which resampling knows too little.
 */
const BEYOND = 5;

const UNKNOWN = { value: null, resampled: [] } as const;

/** Operations that an interval of a percentile takes. */
export function leastForInterval(percentile: Percentile): number {
  return Math.ceil(BEYOND / (1 - PERCENTILES[percentile] / 100) - 1e-9);
}

/**
 * Every figure of a run's contestants, with its values in resamples of whole rounds. Contestants of one run are
 * resampled together, because what a round was like it was like for all of them; those of different runs apart.
 */
export class FigureBook {
  readonly #pages = new Map<string, Page>();

  /** @param runs the contestants of each run; no two with the same name. */
  constructor(runs: readonly (readonly Measured[])[], random: Random, resamples?: number) {
    for (const run of runs) {
      // The last round of an interrupted run has not everybody in it, and cannot be paired.
      const rounds = Math.min(...run.map((one) => one.rounds.length));
      const drawn = drawResamples(rounds, random, resamples);
      for (const one of run) this.#pages.set(one.name, new Page(one.rounds, drawn, rounds));
    }
  }

  figure(name: string, metric: MetricName): Figure {
    const page = this.#pages.get(name);
    return page === undefined ? { ...UNKNOWN, rounds: 0 } : page.figure(metric);
  }

  /** The figure of each round alone. */
  perRound(name: string, metric: MetricName): (number | null)[] {
    return this.#pages.get(name)?.perRound(metric) ?? [];
  }

  /** Operations that succeeded. */
  operations(name: string): number {
    return this.#pages.get(name)?.operations ?? 0;
  }

  /** Operations that failed or timed out. */
  failed(name: string): number {
    return this.#pages.get(name)?.failed ?? 0;
  }
}

type Statistics = Readonly<Record<Percentile | "mean", number | null>>;
type Over<T> = (indices: Iterable<number>) => T;

/** One contestant's figures. */
class Page {
  readonly operations: number;
  readonly failed: number;
  readonly #rounds: readonly Round[];
  readonly #resamples: Resamples;
  readonly #paired: number;
  readonly #statistics = new Map<DurationFamily, Over<Statistics>>();
  readonly #resampled = new Map<DurationFamily, readonly Statistics[]>();

  constructor(rounds: readonly Round[], resamples: Resamples, paired: number) {
    this.#rounds = rounds;
    this.#resamples = resamples;
    this.#paired = paired;
    this.operations = rounds.reduce((sum, round) => sum + round.operations, 0);
    this.failed = rounds.reduce((sum, round) => sum + round.failed, 0);
  }

  figure(metric: MetricName): Figure {
    const parts = parseMetric(metric);
    const all = this.#rounds.keys();
    const rounds = this.#paired;
    if (parts.statistic === null) {
      const over = this.#plain(parts.family);
      return { value: over(all), resampled: this.#resamples.map(over), rounds };
    }
    const { family, statistic } = parts;
    if (statistic !== "mean" && this.operations < leastCount(statistic)) return { ...UNKNOWN, rounds };
    const value = this.#over(family)(all)[statistic];
    const known = statistic === "mean" || this.operations >= leastForInterval(statistic);
    return { value, resampled: known ? this.#drawn(family).map((one) => one[statistic]) : [], rounds };
  }

  perRound(metric: MetricName): (number | null)[] {
    const over = this.#single(parseMetric(metric));
    return Array.from({ length: this.#paired }, (_, at) => over([at]));
  }

  #single(parts: MetricParts): Over<number | null> {
    if (parts.statistic === null) return this.#plain(parts.family);
    const over = this.#over(parts.family);
    return (indices) => over(indices)[parts.statistic];
  }

  #plain(family: "throughput_per_second" | "error_rate"): Over<number | null> {
    const rounds = this.#rounds;
    return (indices) => {
      let operations = 0;
      let failed = 0;
      let elapsed = 0;
      for (const index of indices) {
        operations += rounds[index]?.operations ?? 0;
        failed += rounds[index]?.failed ?? 0;
        elapsed += rounds[index]?.elapsed ?? 0;
      }
      if (family === "throughput_per_second") return elapsed > 0 ? operations / (elapsed / 1_000) : null;
      return operations + failed > 0 ? (failed / (operations + failed)) * 100 : null;
    };
  }

  #over(family: DurationFamily): Over<Statistics> {
    const known = this.#statistics.get(family);
    if (known !== undefined) return known;
    const made = statisticsOf(this.#rounds.map((round) => bucketsOf(round, family)));
    this.#statistics.set(family, made);
    return made;
  }

  #drawn(family: DurationFamily): readonly Statistics[] {
    const known = this.#resampled.get(family);
    if (known !== undefined) return known;
    const made = this.#resamples.map(this.#over(family));
    this.#resampled.set(family, made);
    return made;
  }
}

function bucketsOf(round: Round, family: DurationFamily): Buckets {
  switch (family) {
    case "latency_ms":
      return round.latency;
    case "service_latency_ms":
      return round.service;
    case "connection_overhead_ms":
      return round.overhead;
  }
}

const NAMES = Object.keys(PERCENTILES) as Percentile[];

/** Mean and percentiles of any choice of distributions. */
function statisticsOf(distributions: readonly Buckets[]): Over<Statistics> {
  const percentiles = percentilesOf(
    distributions,
    NAMES.map((name) => PERCENTILES[name]),
  );
  const sums = distributions.map(({ values, counts }) =>
    values.reduce((sum, value, at) => sum + value * (counts[at] ?? 0), 0),
  );
  const sizes = distributions.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  return (indices) => {
    const chosen = [...indices];
    const found = percentiles(chosen);
    let sum = 0;
    let size = 0;
    for (const index of chosen) {
      sum += sums[index] ?? 0;
      size += sizes[index] ?? 0;
    }
    const entries = NAMES.map((name, at) => [name, found[at] ?? null] as const);
    return { ...Object.fromEntries(entries), mean: size > 0 ? sum / size : null } as Statistics;
  };
}
