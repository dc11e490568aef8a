import wrapAnsi from "wrap-ansi";
import type { Phase, PingLine, TargetResult, ReadyResult } from "../../ping/result.js";
import { count, duration, shortMilliseconds } from "../format.js";
import type { Style } from "../style.js";

/** Which database, before the first ping. */
export function pingHeading({ url, embedded }: TargetResult, style: Style, network?: string): string {
  const notes = [
    ...(embedded ? ["embedded libSQL server"] : []),
    ...(network === undefined ? [] : [network]),
  ];
  return `PING ${style.bold(url)}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
}

/** What `--wait-ready` waited for has come. */
export function readyText({ target, ready_after_ms: after, tries }: ReadyResult): string {
  const attempts = tries === 1 ? "1 try" : `${count(tries)} tries`;
  return `${target.url} is ready after ${duration(after)} (${attempts})`;
}

/** All phases of a WebSocket connection have to fit in a line of 80. */
const SHORT: Partial<Record<Phase, string>> = { statement: "sql" };

/** One ping, as it comes. */
export function pingText(ping: PingLine, { url }: TargetResult, style: Style, columns: number): string {
  const head = `seq=${ping.sequence}`;
  if (ping.total_ms === null) {
    // The heading says where.
    const what = (ping.error?.message ?? "").replace(`${url}: `, "");
    return wrapAnsi(`${head} ${style.red(`${ping.outcome}:`)} ${what}`, columns, { hard: true });
  }
  const total = `${ping.connection} ${style.bold(duration(ping.total_ms))}`;
  const named = (name: string, time: number): string => `${style.dim(name)} ${shortMilliseconds(time)}`;
  const phases = Object.entries(ping.phases_ms ?? {}) as [Phase, number][];
  const parts = [
    ...(phases.length > 1 ? phases.map(([phase, time]) => named(SHORT[phase] ?? phase, time)) : []),
    // Beside six phases there is no room, and the statement's own says as much.
    ...(ping.server_ms === null || phases.length > 3 ? [] : [named("server", ping.server_ms)]),
  ];
  return wrapAnsi([`${head} ${total}`, ...parts].join(" "), columns);
}
