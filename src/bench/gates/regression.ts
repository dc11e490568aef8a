import { invalidOption, TursoPoolError } from "../../core/errors.js";
import type { Figure, FigureBook } from "../figures.js";
import type { MetricName } from "../metrics.js";
import type { BenchPlan, StrategyName } from "../plan.js";
import { mapped, quotient, type Claim } from "./claim.js";

/** What a regression is looked for in: the middle, and the tail that users feel. */
const LATENCIES: readonly MetricName[] = ["latency_ms.p50", "latency_ms.p95"];
/** A P95 takes more operations than anybody waits for with a gap before each. */
const AFTER_GAPS: readonly MetricName[] = ["latency_ms.p50"];

/** Strategies that use none of our pools, and so measure the host and the database: the first one there is. */
const REFERENCES: readonly StrategyName[] = ["client", "unpooled"];

/** With what a run is compared. */
export type Base =
  /** The second database of the same run. */
  | { readonly kind: "against" }
  /** A saved result; `absolute`: its figures in milliseconds too, and not only how strategies compared in it. */
  | { readonly kind: "saved"; readonly absolute: boolean };

/** The name of a saved result's contestant. */
export const savedName = (strategy: StrategyName): string => `${strategy}@baseline`;

/**
 * The claims that no strategy became slower by more than `percent`.
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
    return pairs(strategies, metrics).map(([strategy, metric]) =>
      absolute(strategy, `${strategy}@base`, metric, percent),
    );
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
  if (claims.length > 0) return claims;
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
  return {
    ...claim(metric, percent),
    text: `${strategy}.${metric} against ${base}, rise <= ${percent}%`,
    contestants: [strategy, base],
    figure: (book) => rise(quotient(book.figure(strategy, metric), book.figure(base, metric))),
    figures: 2,
  };
}

/** How a strategy compares with the reference of its own run does not depend on how fast the host is. */
function relative(
  strategy: StrategyName,
  reference: StrategyName,
  metric: MetricName,
  percent: number,
): Claim {
  const within = (book: FigureBook, one: string, other: string): Figure =>
    quotient(book.figure(one, metric), book.figure(other, metric));
  return {
    ...claim(metric, percent),
    text: `ratio(${strategy}, ${reference}, ${metric}) against the baseline's, rise <= ${percent}%`,
    contestants: [strategy, reference],
    figure: (book) =>
      rise(
        quotient(within(book, strategy, reference), within(book, savedName(strategy), savedName(reference))),
      ),
    figures: 4,
  };
}

function claim(metric: MetricName, percent: number) {
  return {
    source: "regression" as const,
    metric,
    operator: "<=" as const,
    limit: percent,
    unit: "percent" as const,
    margin: 1 + percent / 100,
  };
}

/** A ratio as a rise in percent. */
const rise = (ratio: Figure): Figure => mapped(ratio, (value) => (value - 1) * 100);
