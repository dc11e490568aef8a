import type { BenchResult, ScheduleResult } from "../bench/result.js";
import { count } from "./format.js";

/** What the load was, and what of it was not as it should be. */
export function scheduleNotes({ plan, strategies }: BenchResult): string[] {
  if (plan.loop === "closed") {
    return [
      "Closed loop: a stall delays one operation of each caller; --rate shows what it costs traffic that keeps arriving.",
    ];
  }
  const of = (figure: "found_no_worker" | "never_started"): string[] =>
    strategies.flatMap(({ name, schedule }) => (schedule === null ? [] : affected(name, schedule, figure)));
  const waited = of("found_no_worker");
  const dropped = of("never_started");
  const lines: string[] = [];
  if (waited.length > 0) {
    lines.push(
      `Found no worker free, and waited for one, which their latency includes: ${waited.join(", ")}. Raise --concurrency.`,
    );
  }
  if (dropped.length > 0) {
    lines.push(
      `Never started: ${dropped.join(", ")}. The rate was beyond what this target or this generator could do: latency is understated.`,
    );
  }
  return lines;
}

function affected(
  name: string,
  schedule: ScheduleResult,
  figure: "found_no_worker" | "never_started",
): string[] {
  return schedule[figure] > 0 ? [`${name} ${count(schedule[figure])} of ${count(schedule.scheduled)}`] : [];
}
