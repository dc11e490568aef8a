import { TursoPoolError } from "../core/errors.js";
import { seededRandom } from "../core/random.js";
import { COMPARED } from "./compare.js";
import { changeOf } from "./compare-saved/change.js";
import { COMPARE_SCHEMA_VERSION, type Change, type CompareResult } from "./compare-saved/result.js";
import { circumstancesOf, warningsOf } from "./compare-saved/warnings.js";
import { FigureBook, type Measured } from "./figures.js";
import type { BenchResult } from "./result.js";
import { roundOf } from "./round.js";
import { planDifference } from "./same-plan.js";

/** A result, and the file that it was saved in. */
export interface Saved {
  readonly file: string;
  readonly result: BenchResult;
}

/**
 * Compares saved results with one of them.
 * @throws {TursoPoolError} `INVALID_OPTION` for results of different plans, naming the first difference
 */
export function compareSaved(base: Saved, heads: readonly Saved[]): CompareResult {
  for (const head of heads) checkPlans(base, head);
  const { loop, rate_per_second, arrivals, gap_ms, concurrency, operations, duration_ms, rounds } =
    base.result.plan;
  return {
    schema_version: COMPARE_SCHEMA_VERSION,
    command: "compare",
    plan: { loop, rate_per_second, arrivals, gap_ms, concurrency, operations, duration_ms, rounds },
    base: { ...about(base), warnings: warningsOf(base.result) },
    heads: heads.map((head) => ({
      ...about(head),
      warnings: [...circumstancesOf(base.result, head.result), ...warningsOf(head.result)],
      changes: changesBetween(base.result, head.result),
    })),
  };
}

function checkPlans(base: Saved, head: Saved): void {
  const difference = planDifference(base.result.plan, head.result.plan);
  if (difference === null) return;
  throw new TursoPoolError(
    "INVALID_OPTION",
    `${head.file}: it was measured by another plan than ${base.file}: ${difference}`,
    { hint: "Measure one of them again, with the flags of the other." },
  );
}

function about({ file, result }: Saved) {
  const { started_at, interrupted, instrument_limited, target } = result;
  return { file, started_at, interrupted, instrument_limited, target };
}

/** Every figure of every contestant that is in both. The same two results always give the same intervals. */
function changesBetween(base: BenchResult, head: BenchResult): Change[] {
  const common = base.strategies
    .map(({ name }) => name)
    .filter((name) => head.strategies.some((one) => one.name === name));
  const pairs = common.map((name) => ({ contestant: name, base: `base ${name}`, head: `head ${name}` }));
  const measured = (result: BenchResult, side: "base" | "head"): Measured[] =>
    result.strategies
      .filter(({ name }) => common.includes(name))
      .map(({ name, rounds }) => ({ name: `${side} ${name}`, rounds: rounds.map(roundOf) }));
  // Runs are resampled apart: what a round of one was like says nothing of any round of the other.
  const book = new FigureBook([measured(base, "base"), measured(head, "head")], seededRandom(base.plan.seed));
  // How many operations there are in a second is given where they arrive by a schedule.
  const metrics = COMPARED.filter(
    (metric) => base.plan.loop === "closed" || metric !== "throughput_per_second",
  );
  return pairs.flatMap((pair) => metrics.map((metric) => changeOf(book, pair, metric)));
}
