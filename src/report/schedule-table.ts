import type { BenchResult, ScheduleResult, StrategyResult } from "../bench/result.js";
import { borderless, firstThatFits } from "./borderless.js";
import { count, milliseconds } from "./format.js";
import type { Style } from "./style.js";

/** How an open loop kept its schedule, beside what operations took from their actual start; `undefined` for other loads. */
export function scheduleTable({ strategies }: BenchResult, style: Style, width: number): string | undefined {
  const rows = strategies.flatMap(({ schedule, ...one }) => (schedule === null ? [] : [{ one, schedule }]));
  if (rows.length === 0) return undefined;
  const table = (gap: number): string =>
    borderless<{ one: Omit<StrategyResult, "schedule">; schedule: ScheduleResult }>(
      [
        { head: "schedule", cell: ({ one }) => style.bold(one.name) },
        { head: "due", cell: ({ schedule }) => count(schedule.scheduled) },
        { head: "found no\nworker", cell: ({ schedule }) => some(schedule.found_no_worker, style.yellow) },
        { head: "never\nstarted", cell: ({ schedule }) => some(schedule.never_started, style.red) },
        { head: "lag\nP99 ms", cell: ({ schedule }) => milliseconds(schedule.lag_ms.p99) },
        { head: "service\nP50 ms", cell: ({ one }) => milliseconds(one.service_latency_ms.p50) },
        { head: "\nP95", cell: ({ one }) => milliseconds(one.service_latency_ms.p95) },
      ],
      rows,
      style,
      gap,
    );
  return firstThatFits([table(2), table(1)], width);
}

function some(value: number, paint: (text: string) => string): string {
  return value > 0 ? paint(count(value)) : "0";
}
