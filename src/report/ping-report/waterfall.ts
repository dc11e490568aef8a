import type { PingResult, WaterfallPhase } from "../../ping/result.js";
import { borderless } from "../borderless.js";
import { count, milliseconds, percent } from "../format.js";
import type { Style } from "../style.js";

/** What the columns before the bars take, with the gaps between them. */
const BESIDE_BARS = 32;

/** The average cold connection from left to right: when each phase began, and how long it took. */
export function waterfall({ waterfall: phases, cold }: PingResult, style: Style, columns: number) {
  const last = phases.at(-1);
  if (last === undefined) return undefined;
  const total = last.starts_ms + last.takes_ms;
  const width = columns - BESIDE_BARS;
  const bar = ({ starts_ms: starts, takes_ms: takes }: WaterfallPhase): string => {
    const at = (time: number): number => Math.round((time / total) * width);
    // What takes next to nothing is there nevertheless.
    const from = Math.min(at(starts), width - 1);
    const length = Math.max(1, at(starts + takes) - from);
    return " ".repeat(from) + style.green("█".repeat(length)) + " ".repeat(width - from - length);
  };
  const table = borderless<WaterfallPhase>(
    [
      { head: "cold", cell: ({ phase }) => style.bold(phase) },
      { head: "ms", cell: ({ takes_ms: takes }) => milliseconds(takes) },
      { head: "share", cell: ({ share_percent: share }) => percent(share) },
      { head: "", cell: bar },
    ],
    phases,
    style,
  );
  const of =
    cold.pings === 1 ? "The cold connection" : `The average of ${count(cold.pings)} cold connections`;
  return `${of}, ${milliseconds(total)} ms:\n${table}`;
}
