import wrapAnsi from "wrap-ansi";
import type { PingResult } from "../ping/result.js";
import { count, percent, quantity } from "./format.js";
import { latencyTable } from "./ping-report/latency-table.js";
import { roundTripTable } from "./ping-report/round-trip-table.js";
import { waterfall } from "./ping-report/waterfall.js";
import { wireLines } from "./ping-report/wire-lines.js";
import type { Style } from "./style.js";

/** The summary after the last ping, for people. */
export function pingReport(result: PingResult, style: Style, columns: number): string {
  const wrap = (text: string): string => wrapAnsi(text, columns, { hard: true });
  return [
    counts(result, style),
    latencyTable(result, style),
    waterfall(result, style, columns),
    roundTripTable(result, style, wrap),
    wireLines(result).map(wrap).join("\n"),
  ]
    .filter((part) => part !== undefined && part !== "")
    .join("\n\n");
}

/** What was lost is never none. */
const lostShare = (share: number): string => (share < 0.1 ? quantity(share, "percent") : percent(share));

function counts(result: PingResult, style: Style): string {
  const { sent, received, refused, lost, lost_percent: share } = result;
  return [
    `${count(sent)} sent, ${count(received)} received`,
    ...(refused > 0 ? [style.red(`${count(refused)} refused`)] : []),
    ...(lost > 0 && share !== null ? [style.red(`${count(lost)} lost (${lostShare(share)})`)] : ["0 lost"]),
    ...(result.interrupted ? [style.yellow("interrupted")] : []),
  ].join(", ");
}
