import type { BenchResult, StrategyResult } from "../../bench/result.js";
import { count, NO_FIGURE, percent } from "../format.js";
import { caveats } from "./finding.js";
import { code, text } from "./markdown-text.js";

/** What a reader should know before believing the figures, each one a list item in Markdown. */
export function notes(result: BenchResult): string[] {
  return [
    ...caveats(result).map((caveat) => `⚠️ ${text(caveat)}`),
    ...result.strategies.flatMap((strategy) => failed(strategy)),
    load(result),
    ...result.strategies.flatMap((strategy) => behind(strategy)),
    ...noise(result),
    "In parentheses: where the figure lies with 95 % confidence, from resampling whole rounds. " +
      `${NO_FIGURE}: not measurable, or too few operations to tell.`,
  ];
}

function failed({ name, operations, errors, timeouts, first_error: first }: StrategyResult): string[] {
  if (first === null) return [];
  const number = errors + timeouts;
  return [
    `⚠️ ${code(name)}: ${count(number)} of ${count(operations + number)} operations failed, ` +
      `the first with ${code(first.code)}: ${text(first.message)}`,
  ];
}

function load({ plan }: BenchResult): string {
  switch (plan.loop) {
    case "closed":
      return "Closed loop: a caller waits for its last operation, so the operations that a stall would have delayed are never begun.";
    case "open":
      return `Open loop, ${count(plan.rate_per_second)} a second: latency starts at the scheduled arrival, so a stall is charged to every operation that it delayed.`;
    case "gap":
      return "One operation after each pause in which nothing happens.";
  }
}

function behind({ name, schedule }: StrategyResult): string[] {
  if (schedule === null || schedule.found_no_worker + schedule.never_started === 0) return [];
  return [
    `${code(name)}: of ${count(schedule.scheduled)} operations that were due, ` +
      `${count(schedule.found_no_worker)} waited for a worker and ${count(schedule.never_started)} were never started.`,
  ];
}

function noise({ noise: found }: BenchResult): string[] {
  return (found ?? []).flatMap(({ strategy, metric, noise_floor_percent: floor }) =>
    floor === null
      ? []
      : [`Noise: identical code (${code(strategy)}, ${code(metric)}) differs by up to ${percent(floor)}.`],
  );
}
