import type { BenchResult, StrategyResult } from "../bench/result.js";
import { borderless, render } from "./borderless.js";
import { count, milliseconds, rate } from "./format.js";
import type { Style } from "./style.js";

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
  const labels = [...head, local ? "handles\nopened" : "sockets\nopened"];
  const table = borderless(labels, style);
  for (const strategy of result.strategies) table.push(row(strategy, local, style));
  return render(table);
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
