import { invalidOption, TursoPoolError } from "../../core/errors.js";
import { noiseIn, together, type Noise } from "../../stats/detectable.js";
import { leastCount } from "../../stats/summary.js";
import { pairedShift, unpairedShift, type Shift } from "../../stats/shift.js";
import type { FigureBook } from "../figures.js";
import { parseMetric, type MetricName } from "../metrics.js";
import type { BenchPlan, StrategyName } from "../plan.js";
import type { Claim, Estimate } from "./claim.js";

/** What a regression is looked for in: the middle, and the tail that users feel. */
const LATENCIES: readonly MetricName[] = ["latency_ms.p50", "latency_ms.p95"];
/** A P95 takes more operations than anybody waits for with a gap before each. */
const AFTER_GAPS: readonly MetricName[] = ["latency_ms.p50"];

/** Strategies that use none of our pools, and so measure the host and the database: the first one there is. */
const REFERENCES: readonly StrategyName[] = ["client", "unpooled"];

/** By how many more operations in 100 may fail. */
const MOST_FAILING = 1;

/** With what a run is compared. */
export type Base =
  /** The second database of the same run. */
  | { readonly kind: "against" }
  /** A saved result; `absolute`: its figures in milliseconds too, and not only how strategies compared in it. */
  | { readonly kind: "saved"; readonly absolute: boolean };

/** The name of a saved result's contestant. */
export const savedName = (strategy: StrategyName): string => `${strategy}@baseline`;

/**
 * The claims that no strategy became slower by more than `percent`, in the typical round. Both sides of a comparison run
 * in each round, so a burst of noise is in single rounds and moves the centre of all little, where it could make all of
 * a P95 over the whole run. A P95 of a round with few operations is the greatest of them: on both sides, so that it is as
 * fair a comparison, of a tail by whatever name.
 * @throws {TursoPoolError} `INVALID_OPTION` when there is nothing that can be compared.
 */
export function regressionClaims(
  plan: Pick<BenchPlan, "strategies" | "load">,
  base: Base,
  percent: number,
): Claim[] {
  if (!(percent > 0)) throw invalidOption("--max-regression", `${percent}%`, "above 0%");
  const metrics = plan.load.kind === "gap" ? AFTER_GAPS : LATENCIES;
  const { strategies } = plan;
  if (base.kind === "against") {
    return strategies.flatMap((strategy) => {
      const other = `${strategy}@base`;
      return [
        ...metrics.map((metric) => absolute(strategy, other, metric, percent)),
        failures(strategy, other),
      ];
    });
  }
  const reference = REFERENCES.find((name) => strategies.includes(name));
  const relatives =
    reference === undefined
      ? []
      : pairs(
          strategies.filter((name) => name !== reference),
          metrics,
        );
  const claims = relatives.map(([strategy, metric]) =>
    relative(strategy, reference ?? strategy, metric, percent),
  );
  if (base.absolute) {
    for (const [strategy, metric] of pairs(strategies, metrics)) {
      claims.push(absolute(strategy, savedName(strategy), metric, percent));
    }
  }
  if (claims.length > 0) return [...claims, ...strategies.map((name) => failures(name, savedName(name)))];
  throw new TursoPoolError(
    "INVALID_OPTION",
    "--baseline: it was measured on another host or target, and this plan has no two strategies to compare within a run",
    { hint: "Add --strategy client, or --absolute to compare milliseconds all the same." },
  );
}

function pairs<A, B>(some: readonly A[], others: readonly B[]): (readonly [A, B])[] {
  return some.flatMap((one) => others.map((other) => [one, other] as const));
}

function absolute(strategy: StrategyName, base: string, metric: MetricName, percent: number): Claim {
  const isSaved = base === savedName(strategy);
  const contestants = [strategy, base];
  return {
    ...claim(metric, percent),
    text: `${strategy}.${metric} against ${base}, rise <= ${percent}%`,
    contestants,
    isHostBound: isSaved,
    estimate: (book, alpha) => {
      const now = logs(book.perRound(strategy, metric));
      const then = logs(book.perRound(base, metric));
      const shift = isSaved ? unpairedShift(known(then), known(now), alpha) : paired(then, now, alpha);
      return rise(isCarried(book, contestants, metric) ? shift : null, now);
    },
    noise: (book) => twinNoise(book, strategy, metric),
  };
}

/** How a strategy compares with the reference of its own run does not depend on how fast the host is. */
function relative(
  strategy: StrategyName,
  reference: StrategyName,
  metric: MetricName,
  percent: number,
): Claim {
  const within = (book: FigureBook, one: string, other: string): number[] =>
    known(differences(logs(book.perRound(other, metric)), logs(book.perRound(one, metric))));
  const contestants = [strategy, reference, savedName(strategy), savedName(reference)];
  return {
    ...claim(metric, percent),
    text: `ratio(${strategy}, ${reference}, ${metric}) against the baseline's, rise <= ${percent}%`,
    contestants,
    isHostBound: false,
    estimate: (book, alpha) => {
      const now = within(book, strategy, reference);
      const then = within(book, savedName(strategy), savedName(reference));
      return rise(isCarried(book, contestants, metric) ? unpairedShift(then, now, alpha) : null, now);
    },
    noise: (book) => together([strategy, reference].map((name) => twinNoise(book, name, metric))),
  };
}

/** Slower is not the only way to be worse: what fails has no latency at all. */
function failures(strategy: StrategyName, base: string): Claim {
  const metric = "error_rate";
  const isSaved = base === savedName(strategy);
  return {
    ...claim(metric, MOST_FAILING),
    text: `${strategy}.${metric} against ${base}, rise <= ${MOST_FAILING}% of operations`,
    contestants: [strategy, base],
    isHostBound: false,
    estimate: (book, alpha) => {
      const now = book.perRound(strategy, metric);
      const then = book.perRound(base, metric);
      const shift = isSaved
        ? unpairedShift(known(then), known(now), alpha)
        : pairedShift(known(differences(then, now)), alpha);
      return { value: shift?.estimate ?? null, interval: shift?.interval ?? null, rounds: now.length };
    },
    asRatio: null,
    noise: () => null,
  };
}

function claim(metric: MetricName, percent: number) {
  return {
    source: "regression" as const,
    metric,
    operator: "<=" as const,
    limit: percent,
    unit: "percent" as const,
    asRatio: (rise: number) => 1 + rise / 100,
  };
}

/** Whether there are enough operations of everybody for such a figure; that of few would be another by its name. */
function isCarried(book: FigureBook, contestants: readonly string[], metric: MetricName): boolean {
  const { statistic } = parseMetric(metric);
  const least = statistic === null || statistic === "mean" ? 1 : leastCount(statistic);
  return contestants.every((name) => book.operations(name) >= least);
}

/** Rounds differ by factors, so it is their logarithms that are shifted. */
const logs = (values: readonly (number | null)[]): (number | null)[] =>
  values.map((value) => (value !== null && value > 0 ? Math.log(value) : null));

const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);

function differences(
  before: readonly (number | null)[],
  after: readonly (number | null)[],
): (number | null)[] {
  return after.map((value, at) => {
    const other = before[at] ?? null;
    return value === null || other === null ? null : value - other;
  });
}

function paired(before: readonly (number | null)[], after: readonly (number | null)[], alpha: number) {
  return pairedShift(known(differences(before, after)), alpha);
}

/** What a strategy and its twin show in place of a regression. */
function twinNoise(book: FigureBook, strategy: StrategyName, metric: MetricName): Noise | null {
  const [own, twin] = [strategy, `${strategy}@again`].map((name) => logs(book.perRound(name, metric)));
  const interval = paired(own ?? [], twin ?? [], 0.05)?.interval ?? null;
  return interval && noiseIn({ low: Math.exp(interval.low), high: Math.exp(interval.high) });
}

/** A shift of logarithms as a rise in percent. */
function rise(shift: Shift | null, { length: rounds }: readonly unknown[]): Estimate {
  const percent = (log: number): number => Math.expm1(log) * 100;
  if (shift === null) return { value: null, interval: null, rounds };
  const { estimate, interval } = shift;
  return {
    value: percent(estimate),
    interval: interval && { low: percent(interval.low), high: percent(interval.high) },
    rounds,
  };
}
