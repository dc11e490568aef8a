import wrapAnsi from "wrap-ansi";
import type { BenchResult } from "../bench/result.js";
import { count, NO_FIGURE, span } from "./format.js";
import { keepaliveTable } from "./keepalive-table.js";
import { strategyTable } from "./strategy-table.js";
import type { Style } from "./style.js";
import { verdict } from "./verdict.js";

/** The whole report of a bench run, for people: prose is wrapped to `columns`, tables take 80 at most. */
export function benchReport(result: BenchResult, style: Style, columns: number): string {
  const wrap = (text: string): string => wrapAnsi(text, columns);
  return [
    wrap(heading(result, style)),
    strategyTable(result, style),
    notes(result)
      .map((text) => style.dim(wrap(text)))
      .join("\n"),
    keepaliveTable(result, style),
    wrap(verdict(result)),
  ]
    .filter((part) => part !== undefined && part !== "")
    .join("\n\n");
}

function heading(result: BenchResult, style: Style): string {
  const { target, plan } = result;
  const callers = plan.concurrency === 1 ? "1 caller" : `${count(plan.concurrency)} callers`;
  const length =
    plan.duration_ms === null
      ? `${count(plan.operations)} ${plan.operations === 1 ? "operation" : "operations"} each`
      : `${span(plan.duration_ms)} each`;
  const where = target.embedded ? `${target.url} (embedded)` : target.url;
  const partial = result.interrupted ? style.yellow(" · interrupted, so partial") : "";
  return `${style.bold(where)} · ${callers}, closed loop · ${length} · ${plan.rounds} ${plan.rounds === 1 ? "round" : "rounds"} · seed ${plan.seed}${partial}`;
}

function notes(result: BenchResult): string[] {
  const { sockets, strategies, plan } = result;
  const lines: string[] = [];
  const warmed = strategies
    .map((strategy) => `${strategy.name} ${count(strategy.warmup.sockets_opened)}`)
    .join(", ");
  if (sockets.warmup > 0) lines.push(`Warm-up, not counted above, opened sockets too: ${warmed}.`);
  if (sockets.accepted_by_server !== null) {
    const agreement = sockets.accepted_by_server === sockets.total ? "as many as" : "but";
    lines.push(
      `${count(sockets.total)} sockets in all, ${agreement} the server accepted (${count(sockets.accepted_by_server)}).`,
    );
  }
  const most = plan.pool.max_connections;
  if (typeof most === "number" && plan.concurrency > most && strategies.some(({ pool }) => pool !== null)) {
    lines.push(
      `${count(plan.concurrency)} callers share ${count(most)} connections of a pool, so its connect time is mostly waiting for one: see --max-connections.`,
    );
  }
  const limited = strategies.filter((strategy) => strategy.instrument_limited).map(({ name }) => name);
  if (limited.length > 0) {
    lines.push(
      `The load process was the limit for ${limited.join(", ")}: its event loop was busy all the time, so these figures are this machine's rather than the database's.`,
    );
  }
  const blank = strategies.some((strategy) => Object.keys(strategy.null_reasons).some(shown));
  if (blank)
    lines.push(`${NO_FIGURE}: not measurable, or too few operations to tell (--json gives the reasons).`);
  return lines;
}

const shown = (path: string): boolean => /^(latency_ms\.p(50|95|99)|connection_overhead_ms\.p50)$/.test(path);
