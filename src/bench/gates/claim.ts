import { figureInterval, resampledRatios, type Interval } from "../../stats/bootstrap.js";
import { noiseIn, together, type Noise } from "../../stats/detectable.js";
import type { Figure, FigureBook } from "../figures.js";
import type { MetricName } from "../metrics.js";
import type { Expression, Operator, Threshold, Unit } from "./threshold.js";
import { leastRounds } from "./looks.js";
import { contestantsOf } from "./threshold.js";

/** What a run says of a claim's figure. */
export interface Estimate {
  /** `null` when it was not measured, or the sample cannot carry it. */
  readonly value: number | null;
  readonly interval: Interval | null;
  /** How many rounds it comes from. */
  readonly rounds: number;
}

/** What a gate says of a run: that a figure lies on one side of a limit. */
export interface Claim {
  /** For people. */
  readonly text: string;
  readonly source: "threshold" | "regression";
  readonly metric: MetricName;
  readonly operator: Operator;
  readonly limit: number;
  readonly unit: Unit;
  /** Whose figures it is about. */
  readonly contestants: readonly string[];
  /** The figure, with its interval of confidence 1 - `alpha`. */
  readonly estimate: (book: FigureBook, alpha: number) => Estimate;
  /** Whether it compares one run with another in what depends on how fast the host is. */
  readonly isHostBound: boolean;
  /**
   * What a value of the figure, or the limit, means as a ratio of two contestants' values; `null` for a claim about one
   * figure alone.
   */
  readonly asRatio: ((value: number) => number) | null;
  /** What identical code would show in place of the contestants; `null` when that can't be told. Twins have run. */
  readonly noise: (book: FigureBook) => Noise | null;
}

/** The claim that a threshold makes. */
export function claimOf({ text, expression, operator, limit, unit }: Threshold): Claim {
  return {
    text,
    source: "threshold",
    metric: expression.metric,
    operator,
    limit,
    unit,
    contestants: contestantsOf(expression),
    estimate: (book, alpha) => {
      const { value, resampled, rounds } = figureOf(expression, book);
      const isTold = value !== null && rounds >= leastRounds(alpha);
      return { value, interval: isTold ? figureInterval(resampled, rounds, alpha) : null, rounds };
    },
    isHostBound: false,
    asRatio: ratioOf(expression),
    noise: (book) => twinNoise(expression, book),
  };
}

function twinNoise(expression: Expression, book: FigureBook): Noise | null {
  const { metric } = expression;
  const all = together(contestantsOf(expression).map((name) => noiseIn(twinInterval(book, name, metric))));
  // A twin's ratio has two figures in it, and so twice the variance of each side of the claim.
  return all && { reach: all.reach / Math.SQRT2, spread: all.spread / Math.SQRT2 };
}

/** Where a strategy's ratio to its twin lies. */
function twinInterval(book: FigureBook, name: string, metric: MetricName): Interval | null {
  const [strategy = name] = name.split("@");
  const { resampled, rounds } = quotient(
    book.figure(`${strategy}@again`, metric),
    book.figure(strategy, metric),
  );
  return figureInterval(resampled, rounds);
}

function figureOf(expression: Expression, book: FigureBook): Figure {
  const { metric } = expression;
  if (expression.kind === "figure") return book.figure(expression.contestant, metric);
  const of = book.figure(expression.of, metric);
  const to = book.figure(expression.to, metric);
  return expression.kind === "ratio"
    ? quotient(of, to)
    : mapped(quotient(to, of), (share) => (1 - share) * 100);
}

/** One figure divided by another, resample by resample. */
export function quotient(above: Figure, below: Figure): Figure {
  return {
    value: resampledRatios([above.value], [below.value])[0] ?? null,
    resampled:
      above.resampled.length === below.resampled.length
        ? resampledRatios(above.resampled, below.resampled)
        : [],
    rounds: Math.min(above.rounds, below.rounds),
  };
}

/** A figure told in another way. */
export function mapped({ value, resampled, rounds }: Figure, tell: (value: number) => number): Figure {
  const map = (one: number | null): number | null => (one === null ? null : tell(one));
  return { value: map(value), resampled: resampled.map(map), rounds };
}

function ratioOf({ kind }: Expression): Claim["asRatio"] {
  if (kind === "figure") return null;
  return kind === "ratio" ? (value) => value : (percent) => 1 - percent / 100;
}
