import type { MetricName } from "../metrics.js";

export const OPERATORS = ["<", "<=", ">", ">="] as const;
export type Operator = (typeof OPERATORS)[number];

/**
 * What is compared with the limit. Contestants are named as in a result: `keepalive`, `keepalive@base`.
 * A `ratio` is the value of `of` divided by that of `to`; a `reduction` is how much smaller the value of
 * `to` is, in percent of that of `of`.
 */
export type Expression =
  | { readonly kind: "figure"; readonly contestant: string; readonly metric: MetricName }
  | {
      readonly kind: "ratio" | "reduction";
      readonly of: string;
      readonly to: string;
      readonly metric: MetricName;
    };

/** What a limit is told in; `percent` is 0 to 100, a `factor` has no unit. */
export type Unit = "ms" | "per_second" | "percent" | "factor";

/** A gate on one figure: passed when the expression lies on the operator's side of the limit. */
export interface Threshold {
  /** As it was given, on one line: every run of white space is a single space. */
  readonly text: string;
  readonly expression: Expression;
  readonly operator: Operator;
  /** In {@link unit}. */
  readonly limit: number;
  readonly unit: Unit;
}

/** The contestants whose figures an expression needs. */
export function contestantsOf(expression: Expression): readonly string[] {
  return expression.kind === "figure" ? [expression.contestant] : [expression.of, expression.to];
}
