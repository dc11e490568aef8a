import { resampledRatios } from "../../stats/bootstrap.js";
import type { Figure, FigureBook } from "../figures.js";
import type { MetricName } from "../metrics.js";
import type { Expression, Operator, Threshold, Unit } from "./threshold.js";
import { contestantsOf } from "./threshold.js";

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
  readonly figure: (book: FigureBook) => Figure;
  /**
   * The difference between contestants that it is meant to tell, as a factor above 1; `null` for a claim about one
   * figure alone, or about which of two is the smaller, however little.
   */
  readonly margin: number | null;
  /** Figures that each have their own noise go into it: 2 for a ratio, 4 for a ratio of ratios. */
  readonly figures: 1 | 2 | 4;
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
    figure: (book) => figureOf(expression, book),
    margin: marginOf(expression, limit),
    figures: expression.kind === "figure" ? 1 : 2,
  };
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

function marginOf(expression: Expression, limit: number): number | null {
  if (expression.kind === "figure") return null;
  const ratio = expression.kind === "ratio" ? limit : 1 - limit / 100;
  if (!(ratio > 0) || ratio === 1) return null;
  return Math.max(ratio, 1 / ratio);
}
