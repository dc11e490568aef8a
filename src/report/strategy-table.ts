import type { BenchResult, StrategyResult } from "../bench/result.js";
import { borderless, firstThatFits, type Column } from "./borderless.js";
import { count, milliseconds, NO_FIGURE, rate } from "./format.js";
import type { Style } from "./style.js";

/** A row per contestant. Times are in milliseconds; more percentiles where there is room for them. */
export function strategyTable(result: BenchResult, style: Style, width: number): string {
  const every = columnsOf(result, style).filter(
    ({ head, cell }) => !EXTRA.has(head) || result.strategies.some((one) => cell(one) !== NO_FIGURE),
  );
  const usual = every.filter(({ head }) => !EXTRA.has(head));
  const table = (columns: readonly Column<StrategyResult>[], gap?: number): string =>
    borderless(columns, result.strategies, style, gap);
  // Names such as unpooled@again leave less room for figures.
  const last = usual.filter(({ head }) => head !== MAX);
  return firstThatFits([table(every), table(usual), table(usual, 1), table(last, 1)], width);
}

const MAX = "\nmax";
/** In the JSON output anyway. */
const EXTRA: ReadonlySet<string> = new Set(["\nP90", "\nP99.9"]);

function columnsOf({ target, plan }: BenchResult, style: Style): Column<StrategyResult>[] {
  const local = target.transport === "file" || target.transport === "memory";
  // Gaps would set it.
  const throughput: Column<StrategyResult>[] =
    plan.loop === "gap" ? [] : [{ head: "ops/s", cell: (one) => rate(one.throughput_per_second) }];
  return [
    { head: "strategy", cell: (one) => style.bold(one.name) },
    { head: "ops", cell: (one) => count(one.operations) },
    { head: "errors", cell: (one) => errors(one, style) },
    { head: "connect\nP50 ms", cell: (one) => milliseconds(one.connection_overhead_ms.p50) },
    { head: "latency\nP50 ms", cell: (one) => milliseconds(one.latency_ms.p50) },
    { head: "\nP90", cell: (one) => milliseconds(one.latency_ms.p90) },
    { head: "\nP95", cell: (one) => milliseconds(one.latency_ms.p95) },
    { head: "\nP99", cell: (one) => milliseconds(one.latency_ms.p99) },
    { head: "\nP99.9", cell: (one) => milliseconds(one.latency_ms.p999) },
    { head: MAX, cell: (one) => milliseconds(one.latency_ms.max) },
    ...throughput,
    {
      head: local ? "handles\nopened" : "sockets\nopened",
      cell: (one) => count(local ? one.connections_opened : one.sockets_opened),
    },
  ];
}

function errors({ errors: failed, timeouts }: StrategyResult, style: Style): string {
  return failed + timeouts > 0 ? style.red(count(failed + timeouts)) : "0";
}
