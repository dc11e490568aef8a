import type { BenchResult, GateResult, StrategyResult } from "../../bench/result.js";
import type { Interval } from "../../stats/bootstrap.js";
import { count, interval, milliseconds, NO_FIGURE, quantity, rate } from "../format.js";
import { verdict } from "../verdict.js";
import { headline } from "./finding.js";
import { details } from "./markdown-details.js";
import { notes } from "./markdown-notes.js";
import { code, table, text } from "./markdown-text.js";

/** A summary in GitHub-flavoured Markdown: the gates' verdict first, then what was measured, and how. */
export function markdown(result: BenchResult): string {
  const parts = [
    `## ${title(result)}`,
    where(result),
    gatesTable(result.gates),
    strategiesTable(result),
    text(verdict(result)),
    notes(result)
      .map((note) => `- ${note}`)
      .join("\n"),
    details(result),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

const MARKS = { pass: "✅", fail: "❌", inconclusive: "⚠️" } as const;

function title(result: BenchResult): string {
  const all = headline(result);
  return all === undefined || result.verdict === null
    ? "turso-pool bench"
    : `${MARKS[result.verdict]} ${all} · turso-pool bench`;
}

function where({ target, against }: BenchResult): string {
  const embedded = target.embedded ? " (embedded)" : "";
  const base = against === null ? "" : `, \`@base\` is ${code(against.url)}`;
  return `${code(target.url)}${embedded}${base}`;
}

function gatesTable(gates: readonly GateResult[]): string {
  if (gates.length === 0) return "";
  const rows = gates.map((gate) => [
    code(gate.threshold),
    quantity(gate.value, gate.unit),
    gateInterval(gate),
    `${MARKS[gate.verdict]} ${gate.verdict}${gate.reason === null ? "" : `: ${text(gate.reason)}`}`,
  ]);
  return table(["gate", "value", "interval", "verdict"], rows, ":--");
}

function gateInterval({ interval: ends, unit, confidence_percent: confidence }: GateResult): string {
  return ends === null ? NO_FIGURE : `${interval(ends, unit)} (${quantity(confidence, "percent")})`;
}

function strategiesTable({ strategies, target, plan }: BenchResult): string {
  if (strategies.length === 0) return "";
  const local = target.transport === "file" || target.transport === "memory";
  // Gaps would set it.
  const throughput = plan.loop !== "gap";
  const head = ["strategy", "P50 ms", "P95 ms", "P99 ms", ...(throughput ? ["ops/s"] : []), "ops", "errors"];
  const rows = strategies.map((one) => [
    code(one.name),
    ...(["p50", "p95", "p99"] as const).map((key) =>
      estimate(one.latency_ms[key], one.intervals_95[`latency_ms.${key}`], milliseconds),
    ),
    ...(throughput
      ? [estimate(one.throughput_per_second, one.intervals_95.throughput_per_second, rate)]
      : []),
    count(one.operations),
    failures(one),
    count(local ? one.connections_opened : one.sockets_opened),
  ]);
  return table([...head, local ? "handles" : "sockets"], rows);
}

function estimate(
  value: number | null,
  ends: Interval | null | undefined,
  show: (value: number) => string,
): string {
  if (value === null) return NO_FIGURE;
  return ends ? `**${show(value)}** (${show(ends.low)} to ${show(ends.high)})` : `**${show(value)}**`;
}

function failures({ errors, timeouts }: StrategyResult): string {
  return timeouts > 0 ? `${count(errors + timeouts)} (${count(timeouts)} timed out)` : count(errors);
}
