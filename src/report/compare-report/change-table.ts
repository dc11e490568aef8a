import type { Change, CompareResult } from "../../bench/compare-saved/result.js";
import type { Interval } from "../../stats/bootstrap.js";
import { borderless, firstThatFits, type Column } from "../borderless.js";
import { count, NO_FIGURE, percent, quantity } from "../format.js";
import { metricLabel } from "../metric-label.js";
import type { Style } from "../style.js";

/** What there is room for; a P99 takes more operations than anybody waits for with a gap before each. */
const SHOWN: Readonly<Record<CompareResult["plan"]["loop"], readonly Change["metric"][]>> = {
  closed: [
    "connection_overhead_ms.p50",
    "latency_ms.p50",
    "latency_ms.p95",
    "latency_ms.p99",
    "throughput_per_second",
  ],
  open: ["connection_overhead_ms.p50", "latency_ms.p50", "latency_ms.p95", "latency_ms.p99"],
  gap: ["connection_overhead_ms.p50", "latency_ms.p50", "latency_ms.p95"],
};

/** The changes that a table has room for, but for what was measured in neither result. */
export function shownOf(
  changes: readonly Change[],
  { loop }: Pick<CompareResult["plan"], "loop">,
): readonly Change[] {
  return changes.filter(
    ({ metric, base_value: base, head_value: head }) =>
      SHOWN[loop].includes(metric) && (base !== null || head !== null),
  );
}

/** A row for each of these changes. */
export function changeTable(rows: readonly Change[], style: Style, width: number): string {
  const table = (intervals: Intervals, gap?: number): string =>
    borderless(columnsOf(intervals, style), rows, style, gap);
  const tables = [
    table("every"),
    table("every", 1),
    table("of the change"),
    table("of the change", 1),
    table("none", 1),
  ];
  return firstThatFits(tables, width);
}

/** Which of them there is room for; the JSON output has them all. */
type Intervals = "every" | "of the change" | "none";

function columnsOf(intervals: Intervals, style: Style): Column<Change>[] {
  const value = (metric: Change["metric"], at: number | null, ends: Interval | null): string =>
    `${figure(metric, at)}${intervals === "every" ? within(at, ends) : ""}`;
  return [
    { head: "strategy", cell: ({ contestant }) => style.bold(contestant) },
    { head: "metric", cell: ({ metric }) => metricLabel(metric) },
    { head: "base", cell: (one) => value(one.metric, one.base_value, one.base_interval_95) },
    { head: "head", cell: (one) => value(one.metric, one.head_value, one.head_interval_95) },
    { head: "change", cell: (one) => change(one, intervals !== "none") },
    { head: "", cell: (one) => verdict(one, style) },
  ];
}

function figure(metric: Change["metric"], value: number | null): string {
  return quantity(value, metric === "throughput_per_second" ? "per_second" : "ms");
}

/** How far the interval reaches at most, in percent of the value: ` ±3%`. */
function within(value: number | null, ends: Interval | null): string {
  if (value === null || ends === null || value <= 0) return "";
  const reach = (Math.max(ends.high - value, value - ends.low) / value) * 100;
  return ` ±${count(reach)}%`;
}

function change(
  { change_percent: value, change_percent_interval_95: ends }: Change,
  withInterval: boolean,
): string {
  if (value === null) return NO_FIGURE;
  if (ends === null || !withInterval) return signed(value);
  return `${signed(value)} (${signed(ends.low).replace("%", "")} to ${signed(ends.high)})`;
}

function signed(value: number): string {
  const text = percent(value);
  if (Number.parseFloat(text) === 0) return text;
  return `${value > 0 ? "+" : "-"}${text}`;
}

function verdict({ verdict: found, reason }: Change, style: Style): string {
  switch (found) {
    case "better":
      return style.green("better");
    case "worse":
      return style.red("worse");
    case "unclear":
      return reason === null ? "~" : NO_FIGURE;
  }
}
