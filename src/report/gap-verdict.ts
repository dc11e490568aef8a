import type { BenchResult, Comparison } from "../bench/result.js";
import { compared, isUntold, times, WHY_UNTOLD } from "./difference.js";
import { duration, percent, span } from "./format.js";

/** What keep-alive saves the first operation after a gap, against a shared client, whose connection may not outlive it. */
export function gapVerdict(result: BenchResult): string {
  const after = `After a gap of ${span(result.plan.gap_ms ?? 0)}`;
  const client = compared(result, "client", "keepalive");
  if (client === undefined) {
    return "Run client and keepalive together to see what keep-alive saves after a gap.";
  }
  if (isUntold(client)) return `${after}: what keep-alive saves can't be told: ${WHY_UNTOLD}.`;
  const { baseline_value: without, contender_value: kept, verdict } = client;
  if (without === null || kept === null || verdict === "unclear") {
    return `${after} keep-alive saves nothing to speak of at the median${outlived(result, client)}.`;
  }
  if (verdict === "worse")
    return `${after} keep-alive is slower than one shared client at the median: ${times(client)}.`;
  const share = percent(((without - kept) / without) * 100);
  return (
    `${after} an operation takes ${duration(without)} on one shared client and ${duration(kept)} with keep-alive, ` +
    `which saves ${duration(without - kept)} (${share}): it is ${times(client)} as fast at the median.`
  );
}

function outlived({ strategies }: BenchResult, { baseline }: Comparison): string {
  const sockets = strategies.find(({ name }) => name === baseline)?.sockets_opened;
  return sockets === 0 ? ": the shared client's connection outlived every gap" : "";
}
