import type { LatencyFigures, PingResult } from "../../ping/result.js";
import { borderless } from "../borderless.js";
import { count, milliseconds } from "../format.js";
import type { Style } from "../style.js";

type Row = readonly [name: string, figures: LatencyFigures];

/** Cold and warm pings apart; `undefined` when none was answered. */
export function latencyTable({ cold, warm }: PingResult, style: Style): string | undefined {
  const rows = ([["cold", cold] as const, ["warm", warm] as const] satisfies Row[]).filter(
    ([, { pings }]) => pings > 0,
  );
  if (rows.length === 0) return undefined;
  const figure = (head: string, key: keyof LatencyFigures["latency_ms"]) => ({
    head,
    cell: ([, { latency_ms: latency }]: Row) => milliseconds(latency[key]),
  });
  return borderless<Row>(
    [
      { head: "ms", cell: ([name]) => style.bold(name) },
      { head: "pings", cell: ([, { pings }]) => count(pings) },
      figure("min", "min"),
      figure("avg", "avg"),
      figure("P50", "p50"),
      figure("P95", "p95"),
      figure("max", "max"),
      figure("stddev", "stddev"),
    ],
    rows,
    style,
  );
}
