import type { CountedPhase, PhaseRoundTrips, PingResult } from "../../ping/result.js";
import { borderless } from "../borderless.js";
import { count, duration, milliseconds, NO_FIGURE } from "../format.js";
import type { Style } from "../style.js";

const LABEL: Readonly<Record<CountedPhase, string>> = {
  tcp: "tcp",
  tls: "tls",
  upgrade: "upgrade",
  hello_and_statement: "hello + statement",
  request: "request",
  warm_statement: "warm statement",
};

/** How many round trips each phase took, and what that means; `undefined` where there are none. */
export function roundTripTable(result: PingResult, style: Style, wrap: (text: string) => string) {
  const { phases, smallest_ms: smallest, smallest_in: seenIn, reason } = result.round_trips;
  if (smallest === null) return undefined;
  const table = borderless<PhaseRoundTrips>(
    [
      { head: "round trips", cell: ({ phase }) => style.bold(LABEL[phase]) },
      { head: "expected", cell: ({ expected }) => count(expected) },
      { head: "measured", cell: ({ measured }) => measured?.toFixed(2) ?? NO_FIGURE },
      { head: "smallest ms", cell: ({ smallest_ms: time }) => milliseconds(time) },
    ],
    phases,
    style,
  );
  const where = seenIn === "tcp" ? "connecting TCP" : "a warm statement without the server's own time";
  const excesses = phases.flatMap(({ excess }) => (excess === null ? [] : [sentence(excess)]));
  const none = reason === null && excesses.length === 0 ? "No phase took a round trip too many." : undefined;
  const notes = [
    reason === null
      ? `The smallest round trip seen was ${duration(smallest)}, ${where}.`
      : `Not counted: ${reason}.`,
    result.target.network?.rtt_ms
      ? "TCP's is emulated by waiting: over loopback the kernel connects at once."
      : undefined,
    none,
  ].filter((note) => note !== undefined);
  return [
    table,
    style.dim(wrap(notes.join(" "))),
    ...excesses.map((excess) => style.yellow(wrap(excess))),
  ].join("\n");
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
