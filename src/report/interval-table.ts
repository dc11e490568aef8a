import type { BenchResult, StrategyResult } from "../bench/result.js";
import { borderless, firstThatFits, type Column } from "./borderless.js";
import { milliseconds, NO_FIGURE, rate } from "./format.js";
import type { Style } from "./style.js";

type Path = keyof StrategyResult["intervals_95"];

/** Where each contestant's figures lie with 95 % confidence; `undefined` when that can be told of none. */
export function intervalTable(result: BenchResult, style: Style, width: number): string | undefined {
  const figures: Column<StrategyResult>[] = [
    column("latency\nP50 ms", "latency_ms.p50", milliseconds),
    column("\nP90", "latency_ms.p90", milliseconds),
    column("\nP95", "latency_ms.p95", milliseconds),
    column("\nP99", "latency_ms.p99", milliseconds),
    column("\nP99.9", "latency_ms.p999", milliseconds),
    ...(result.plan.loop === "closed" ? [column("ops/s", "throughput_per_second", rate)] : []),
  ];
  const { strategies } = result;
  // A column without any figure says nothing; the first has the heading of all.
  const told = figures.filter(
    ({ cell }, at) => at === 0 || strategies.some((one) => cell(one) !== NO_FIGURE),
  );
  const every = [{ head: "95% interval", cell: (one: StrategyResult) => style.bold(one.name) }, ...told];
  const table = (...without: string[]): string =>
    borderless(
      every.filter(({ head }) => !without.includes(head)),
      strategies,
      style,
    );
  const [first] = figures;
  const isTold = told.length > 1 || strategies.some((one) => first?.cell(one) !== NO_FIGURE);
  if (!isTold) return undefined;
  const tables = [table(), table(...EXTRA), table(...EXTRA, "ops/s"), table(...EXTRA, "ops/s", "\nP99")];
  return firstThatFits(tables, width);
}

/** In the JSON output anyway. */
const EXTRA = ["\nP90", "\nP99.9"];

function column(head: string, path: Path, show: (value: number) => string): Column<StrategyResult> {
  return {
    head,
    cell: ({ intervals_95: intervals }) => {
      const ends = intervals[path];
      return ends ? `${show(ends.low)} to ${show(ends.high)}` : NO_FIGURE;
    },
  };
}
