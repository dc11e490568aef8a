import type { BenchResult } from "../bench/result.js";
import { count, NO_FIGURE } from "./format.js";
import { instrumentNotes } from "./instrument-notes.js";
import { scheduleNotes } from "./schedule-notes.js";
import { stationarityNotes } from "./stationarity-notes.js";

/** What a reader has to know about the figures in these tables, a line for each thing. */
export function notes(result: BenchResult, tables: readonly string[]): string[] {
  const blank = tables.some((table) => table.includes(NO_FIGURE));
  return [
    ...scheduleNotes(result),
    ...instrumentNotes(result),
    ...stationarityNotes(result),
    ...socketNotes(result),
    ...(blank
      ? [`${NO_FIGURE}: not measurable, or too few operations to tell (--json gives the reasons).`]
      : []),
  ];
}

function socketNotes({ sockets, strategies, plan }: BenchResult): string[] {
  const lines: string[] = [];
  const warmed = strategies.map(({ name, warmup }) => `${name} ${count(warmup.sockets_opened)}`).join(", ");
  if (sockets.warmup > 0) lines.push(`Warm-up, not counted above, opened sockets too: ${warmed}.`);
  if (sockets.accepted_by_server !== null) {
    const agreement = sockets.accepted_by_server === sockets.total ? "as many as" : "but";
    lines.push(
      `${count(sockets.total)} sockets in all, ${agreement} the server accepted (${count(sockets.accepted_by_server)}).`,
    );
  }
  const most = plan.pool.max_connections;
  if (typeof most === "number" && plan.concurrency > most && strategies.some(({ pool }) => pool !== null)) {
    const many = `${count(plan.concurrency)} ${plan.loop === "open" ? "workers" : "callers"}`;
    lines.push(
      `${many} share ${count(most)} connections of a pool, so its connect time is mostly waiting for one: see --max-connections.`,
    );
  }
  return lines;
}
