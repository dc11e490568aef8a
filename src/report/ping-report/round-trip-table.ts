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

/** What half a round trip too many would be claimed for, were it seen often enough and long against work. */
const TOO_MANY = 1.5;
/** As often as an excess has to be seen for a busy host to be no likely reason. */
const OFTEN = 3;

const SEEN_IN: Readonly<Record<CountedPhase, string>> = {
  tcp: "connecting TCP",
  tls: "the TLS handshake",
  upgrade: "the upgrade",
  hello_and_statement: "hello and statement without the server's own time",
  request: "a request without the server's own time",
  warm_statement: "a warm statement without the server's own time",
};

/** How many round trips each phase took, and what that means; `undefined` where there are none. */
export function roundTripTable(result: PingResult, style: Style, wrap: (text: string) => string) {
  const { phases, smallest_ms: smallest, smallest_in: seenIn, note, reason } = result.round_trips;
  if (smallest === null || seenIn === null) return undefined;
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
  const excesses = phases.flatMap(({ excess }) => (excess === null ? [] : [sentence(excess)]));
  const doubtful = phases.filter(({ measured, excess }) => excess === null && (measured ?? 0) >= TOO_MANY);
  const none =
    reason === null && excesses.length === 0 && doubtful.length === 0
      ? "No phase took a round trip too many."
      : undefined;
  const notes = [
    reason === null
      ? `The smallest round trip seen was ${duration(smallest)}, ${SEEN_IN[seenIn]}.`
      : `Not counted: ${reason}.`,
    result.target.network?.rtt_ms
      ? "TCP's is emulated by waiting: over loopback the kernel connects at once."
      : undefined,
    ...doubtful.map(doubt),
    none,
  ].filter((note) => note !== undefined);
  return [
    table,
    style.dim(wrap(notes.join(" "))),
    ...(note === null ? [] : [style.yellow(wrap(sentence(note)))]),
    ...excesses.map((excess) => style.yellow(wrap(excess))),
  ].join("\n");
}

/** Too many were measured, which is no proof: a busy host may have been what took so long. */
function doubt({ phase, measured, seen }: PhaseRoundTrips): string {
  const name = LABEL[phase];
  const took = `${name.length === 3 ? name.toUpperCase() : sentence(name).slice(0, -1)} took ${measured?.toFixed(1) ?? ""} round trips`;
  if (seen >= OFTEN) return `${took}, no more than work at both ends explains.`;
  const more = phase === "warm_statement" ? "-c 5" : "--cold -c 5";
  return `${took}, seen ${seen === 1 ? "once" : "twice"}: ${more} tells whether it always does.`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
