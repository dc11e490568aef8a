import type { BenchResult, StrategyResult } from "../../bench/result.js";
import { count, NO_FIGURE } from "../format.js";
import { noiseSentence } from "../noise-table.js";
import { scheduleNotes } from "../schedule-notes.js";
import { caveats } from "./finding.js";
import { code, text } from "./markdown-text.js";

/** What a reader should know before believing the figures, each one a list item in Markdown. */
export function notes(result: BenchResult): string[] {
  const noise = noiseSentence(result);
  return [
    ...caveats(result).map((caveat) => `⚠️ ${text(caveat)}`),
    ...result.strategies.flatMap((strategy) => failures(strategy)),
    ...load(result),
    ...scheduleNotes(result).map(text),
    ...(noise === undefined ? [] : [text(noise)]),
    `In parentheses: where the figure lies with 95% confidence, from resampling whole rounds. ${NO_FIGURE}: not measurable, or too few operations to tell.`,
  ];
}

function failures({ name, operations, errors, timeouts, first_error: first }: StrategyResult): string[] {
  if (first === null) return [];
  const failed = errors + timeouts;
  return [
    `⚠️ ${code(name)}: ${count(failed)} of ${count(operations + failed)} operations failed, the first with ${code(first.code)}: ${text(first.message)}`,
  ];
}

/** What is to be known of a closed loop is among the notes on schedules. */
function load({ plan }: BenchResult): string[] {
  switch (plan.loop) {
    case "closed":
      return [];
    case "open":
      return [
        `Open loop, ${count(plan.rate_per_second)} a second: latency starts at the scheduled arrival, so a stall is charged to every operation that it delayed.`,
      ];
    case "gap":
      return ["One operation after each pause in which nothing happens."];
  }
}
