import type { PoolSnapshot } from "../monitor/result.js";
import type { LookResult } from "../watch/result.js";
import { count, elapsed, NO_FIGURE, rate, shortMilliseconds } from "./format.js";
import type { Style } from "./style.js";

type Seen = LookResult & { readonly snapshot: PoolSnapshot };

interface Column {
  /** On two lines, so that all columns fit in 80. */
  readonly head: readonly [string, string];
  readonly cell: (look: Seen) => string;
  /** Its colour, when it is not 0. */
  readonly paint?: "yellow" | "red";
}

const time = (value: number | null): string => (value === null ? NO_FIGURE : shortMilliseconds(value));

const COLUMNS: readonly Column[] = [
  { head: ["", "time"], cell: (look) => elapsed(look.elapsed_ms) },
  { head: ["", "active"], cell: ({ snapshot }) => count(snapshot.statistics.active_connections) },
  { head: ["", "idle"], cell: ({ snapshot }) => count(snapshot.statistics.idle_connections) },
  { head: ["wait-", "ing"], cell: ({ snapshot }) => count(snapshot.statistics.waiting) },
  { head: ["sock-", "ets"], cell: ({ snapshot }) => count(snapshot.sockets?.open ?? null) },
  { head: ["check-", "outs/s"], cell: ({ rates }) => rate(rates.checkouts_per_second) },
  { head: ["  P95", " wait"], cell: ({ rates }) => time(rates.wait_p95_ms) },
  { head: ["   ms", "  use"], cell: ({ rates }) => time(rates.use_p95_ms) },
  { head: ["", "pings"], cell: ({ snapshot }) => count(snapshot.statistics.total_proactive_pings) },
  {
    head: ["ping", "fails"],
    cell: ({ snapshot }) => count(snapshot.statistics.total_ping_failures),
    paint: "yellow",
  },
  {
    head: ["re-", "freshed"],
    cell: ({ snapshot }) => count(snapshot.statistics.total_connections_refreshed),
    paint: "yellow",
  },
  {
    head: ["", "lost"],
    cell: ({ snapshot }) => count(snapshot.statistics.total_lost_while_idle),
    paint: "yellow",
  },
  { head: ["", "alerts"], cell: ({ alerts }) => count(alerts.length), paint: "red" },
];

const widthOf = ({ head }: Column): number => Math.max(...head.map((line) => line.length));

/** The head of the table: two lines. */
export function liveHead(style: Style): string[] {
  return ([0, 1] as const).map((line) =>
    style.dim(
      COLUMNS.map((column) => column.head[line].padStart(widthOf(column)))
        .join(" ")
        .trimEnd(),
    ),
  );
}

/** What one look adds to the table: a row, unless nothing was seen, and what there is to say beside. */
export function liveRows(look: LookResult, style: Style): string[] {
  const { snapshot, error, restarted } = look;
  const at = elapsed(look.elapsed_ms).padStart(4);
  if (snapshot === null) return [`${at} ${style.red(error?.message ?? "")}`];
  const row = COLUMNS.map((column) => {
    const text = column.cell({ ...look, snapshot });
    const cell = text.padStart(widthOf(column));
    return column.paint === undefined || text === "0" ? cell : style[column.paint](cell);
  }).join(" ");
  return [...(restarted ? [`${at} ${style.yellow(RESTARTED)}`] : []), row];
}

const RESTARTED = "restarted: its counts began anew";
