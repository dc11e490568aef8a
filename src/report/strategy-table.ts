import Table from "cli-table3";
import type { BenchResult, StrategyResult } from "../bench/result.js";
import { count, milliseconds, rate } from "./format.js";
import type { Style } from "./style.js";

/** No lines but one under the head: ten columns have to fit in 80. */
const BORDERLESS = {
  top: "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  bottom: "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  left: "",
  "left-mid": "",
  mid: "",
  "mid-mid": "",
  right: "",
  "right-mid": "",
  middle: " ",
};

/** A row per strategy. Times are in milliseconds. */
export function strategyTable(result: BenchResult, style: Style): string {
  const local = result.target.transport === "file" || result.target.transport === "memory";
  const head = [
    "strategy",
    "ops",
    "errors",
    "connect\nP50 ms",
    "latency\nP50 ms",
    "\nP95",
    "\nP99",
    "\nmax",
    "ops/s",
  ];
  const table = new Table({
    head: [...head, local ? "handles\nopened" : "sockets\nopened"].map((text) => style.dim(text)),
    colAligns: ["left", ...head.map(() => "right" as const)],
    chars: BORDERLESS,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 1 },
  });
  for (const strategy of result.strategies) table.push(row(strategy, local, style));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}

function row(strategy: StrategyResult, local: boolean, style: Style): string[] {
  const { latency_ms: latency } = strategy;
  const failed = strategy.errors + strategy.timeouts;
  return [
    style.bold(strategy.name),
    count(strategy.operations),
    failed > 0 ? style.red(count(failed)) : "0",
    milliseconds(strategy.connection_overhead_ms.p50),
    milliseconds(latency.p50),
    milliseconds(latency.p95),
    milliseconds(latency.p99),
    milliseconds(latency.max),
    rate(strategy.throughput_per_second),
    count(local ? strategy.connections_opened : strategy.sockets_opened),
  ];
}
