import type { BenchResult } from "../../bench/result.js";
import { figuresOf } from "./figures.js";

const HEADER = ["name", "strategy", "metric", "unit", "value", "low_95", "high_95", "reason"];

/**
 * A row for each figure of each contestant, in full precision; an empty field is a figure that is not known.
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function csv(result: BenchResult): string {
  const rows = result.strategies.flatMap((strategy) =>
    figuresOf(strategy).map(({ metric, unit, value, interval, reason }) => [
      strategy.name,
      strategy.strategy,
      metric,
      unit,
      value,
      interval?.low ?? null,
      interval?.high ?? null,
      reason,
    ]),
  );
  return [HEADER, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

function field(value: string | number | null): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
