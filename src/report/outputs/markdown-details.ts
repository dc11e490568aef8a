import type { BenchResult } from "../../bench/result.js";
import { count, duration, span } from "../format.js";
import { code, table, text } from "./markdown-text.js";

/** Longer statements are in the JSON output. */
const LONGEST_SQL = 300;

/** Plan and host, folded away. HTML and Markdown need the empty lines between them. */
export function details(result: BenchResult): string {
  const rows = [...planRows(result), ...hostRows(result)];
  return [
    "<details>",
    "<summary>Plan and host</summary>",
    "",
    table(["", ""], rows, ":--"),
    "",
    "</details>",
  ].join("\n");
}

function planRows({ plan, started_at: startedAt, target }: BenchResult): string[][] {
  const length = plan.duration_ms === null ? `${count(plan.operations)} operations` : span(plan.duration_ms);
  const most = plan.warmup_limit_ms === null ? "" : ` or ${span(plan.warmup_limit_ms)}`;
  const pool = Object.entries(plan.pool).map(([name, value]) => `${name} ${value}`);
  const network = Object.entries(target.network ?? {}).map(([name, value]) => `${name} ${String(value)}`);
  return [
    ["started", text(startedAt)],
    ["target", code(target.url)],
    ...(target.network === null ? [] : [["emulated network", code(network.join(", "))]]),
    ["load", load(plan)],
    ["length", `${length} for each strategy, in ${count(plan.rounds)} interleaved rounds`],
    ["warm-up", `${count(plan.warmup_operations)} operations${most}, in no figure`],
    ["seed", String(plan.seed)],
    ...plan.queries.map(({ sql, weight }) => [`query, weight ${weight}`, code(shortened(sql))]),
    ...(pool.length === 0 ? [] : [["pool", code(pool.join(", "))]]),
  ];
}

function load(plan: BenchResult["plan"]): string {
  switch (plan.loop) {
    case "closed":
      return `closed loop, callers: ${count(plan.concurrency)}`;
    case "open":
      return `open loop, ${plan.rate_per_second ?? 0}/s, arrivals ${plan.arrivals ?? ""}, workers: ${count(plan.concurrency)}`;
    case "gap":
      return `one operation after each ${span(plan.gap_ms ?? 0)}`;
  }
}

function hostRows({ host, floor_ms: floor, event_loop_delay_ms: delay }: BenchResult): string[][] {
  return [
    ["host", text(`${host.platform} ${host.arch}, ${host.cpus} × ${host.cpu_model}, Node ${host.node}`)],
    ["fastest bare statement", duration(floor)],
    ["timer lateness of the load process", `P50 ${duration(delay.p50)}, P99 ${duration(delay.p99)}`],
  ];
}

function shortened(sql: string): string {
  return sql.length <= LONGEST_SQL ? sql : `${sql.slice(0, LONGEST_SQL)}…`;
}
