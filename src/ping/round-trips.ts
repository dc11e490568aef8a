import type { Milliseconds } from "../core/duration.js";
import type { CountedPhase, PhaseRoundTrips, RoundTrips } from "./result.js";
import type { Least } from "./tally.js";

/** What was seen of a remote database. `null` where nothing was. */
export interface Observed {
  readonly tcp: Least | null;
  readonly tls: Least | null;
  readonly upgrade: Least | null;
  /** Hello and first statement together, or over HTTP the first request. */
  readonly first: Least | null;
  readonly warm: Least | null;
  /** The same two less what the server says that the statement took it. */
  readonly firstWire: Least | null;
  readonly warmWire: Least | null;
  readonly transport: "ws" | "http";
  /** As Node names it. */
  readonly tlsVersion: string | null;
  readonly addressesTried: number;
  readonly firstServerTime: Least | null;
  readonly warmServerTime: Least | null;
}

/**
 * A round trip has to be long against the work at both ends to be counted in: TLS alone takes 2 to 3 ms of it
 * on a cold connection, half of a round trip of 5 ms.
 */
const COUNTABLE: Milliseconds = 5;
/**
 * What work and a busy host explain, beyond the round trips: 10 ms are seen where other processes want the
 * processors. Once in three pings a host is not busy; a phase that was seen less often may have met with worse.
 */
const WORK = { oftenSeen: 10, seldomSeen: 30 } as const;
const OFTEN = 3;

/**
 * Counts in how many of the smallest round trip each phase went by, and names what is too many.
 *
 * Every phase needs one: TCP (RFC 9293, section 3.5), TLS 1.3 (RFC 8446, section 2), the upgrade (RFC 6455, section
 * 1.3), then hello and the first statement together, as they are sent together, and each statement after it. DNS is
 * not a round trip to the target, and what the server says that a statement took it is none either. An excess is
 * claimed when it is more than half a round trip and more than work explains; what the protocol itself says, that TLS
 * 1.2 needs two, is told however short the wire is.
 */
export function countRoundTrips(seen: Observed): RoundTrips {
  const round = smallestRoundTrip(seen);
  if (round === null) {
    return {
      smallest_ms: null,
      smallest_in: null,
      phases: [],
      note: null,
      reason: "no connection was opened",
    };
  }
  const { time: smallest, phase: smallestIn } = round;
  const countable = smallest >= COUNTABLE;
  const count = (
    phase: CountedPhase,
    least: Least | null,
    explain: Explain,
    wire = least,
  ): PhaseRoundTrips[] => {
    if (least === null) return [];
    const measured = countable ? (wire ?? least).time / smallest : null;
    const over = explain(excess(least, smallest), measured);
    return [{ phase, expected: 1, smallest_ms: least.time, seen: least.of, measured, excess: over }];
  };
  return {
    smallest_ms: smallest,
    smallest_in: smallestIn,
    phases: [
      ...count("tcp", seen.tcp, (over) => tcpExcess(over, seen.addressesTried)),
      ...count("tls", seen.tls, (over, measured) => tlsExcess(over, measured, seen.tlsVersion)),
      ...count("upgrade", seen.upgrade, (over) => upgradeExcess(over, round)),
      ...count(firstPhase(seen), seen.first, (over) => firstExcess(over, seen, smallest), seen.firstWire),
      ...count("warm_statement", seen.warm, (over) => warmExcess(over, seen, round), seen.warmWire),
    ],
    note: nearTcp(seen, round),
    reason: countable
      ? null
      : `a round trip of ${ms(smallest)} is too short to count in: work at both ends takes as long`,
  };
}

/** What a phase took beyond one round trip; `null` when nothing is to be said of it. */
type Explain = (over: Milliseconds | null, measured: number | null) => string | null;

const firstPhase = ({ transport }: Observed): CountedPhase =>
  transport === "ws" ? "hello_and_statement" : "request";

interface RoundTrip extends Least {
  readonly phase: CountedPhase;
}

/**
 * The round trip to count in: TCP's or a warm statement's. Where TCP took less than half of whatever came after it, a
 * load balancer or a tunnel answered it, and the database did all the rest: then the smallest of that rest.
 */
function smallestRoundTrip(seen: Observed): RoundTrip | null {
  const { tcp, warmWire: warm } = seen;
  const beyond = beyondTcp(seen);
  if (tcp && beyond && tcp.time < beyond.time / 2 && excess(beyond, tcp.time) !== null) return beyond;
  if (tcp && (!warm || tcp.time <= warm.time)) return { ...tcp, phase: "tcp" };
  return warm && { ...warm, phase: "warm_statement" };
}

/** The smallest of all that comes after TCP; as often seen as what was seen most often of it. */
function beyondTcp(seen: Observed): RoundTrip | null {
  const all = (
    [
      ["warm_statement", seen.warmWire],
      ["tls", seen.tls],
      ["upgrade", seen.upgrade],
      [firstPhase(seen), seen.firstWire],
    ] as const
  ).flatMap(([phase, least]) => (least === null ? [] : [{ phase, ...least }]));
  const [smallest] = all.sort((one, other) => one.time - other.time);
  return smallest ? { ...smallest, of: Math.max(...all.map(({ of }) => of)) } : null;
}

const isBeyondTcp = ({ phase }: RoundTrip, { tcp }: Observed): boolean => tcp !== null && phase !== "tcp";

/** Says so when something on the way answers TCP. */
function nearTcp(seen: Observed, round: RoundTrip): string | null {
  const { tcp, tls, upgrade } = seen;
  if (tcp === null || !isBeyondTcp(round, seen) || tcp.time >= round.time / 2) return null;
  const nearer = `TCP is answered ${ms(round.time - tcp.time)} nearer than the database: by a load balancer or tunnel on the way`;
  // Nothing but statements came back from there, and they are the only ones with work in them.
  return tls === null && upgrade === null
    ? `${nearer}, or every statement takes the server that long`
    : nearer;
}

function excess({ time, of }: Least, roundTrip: Milliseconds): Milliseconds | null {
  const over = time - roundTrip;
  // Seen once or twice on a short wire, it is rather the host's doing.
  if (roundTrip < COUNTABLE && of < OFTEN) return null;
  return over > roundTrip / 2 && over > (of < OFTEN ? WORK.seldomSeen : WORK.oftenSeen) ? over : null;
}

function tcpExcess(over: Milliseconds | null, addressesTried: number): string | null {
  if (over === null) return null;
  const took = `TCP took ${ms(over)} more than the smallest round trip`;
  return addressesTried > 1
    ? `${took}: ${addressesTried} addresses were tried, one after the other`
    : `${took}: probably a lost packet, or a wire whose delay varies`;
}

function tlsExcess(
  over: Milliseconds | null,
  measured: number | null,
  version: string | null,
): string | null {
  if (version !== null && version !== "TLSv1.3") {
    const speaks = `the server speaks ${version.replace("v", " ")}`;
    const why = "a full handshake of TLS 1.2 needs 2, a resumed one 1: RFC 5246, section 7.3";
    return measured !== null && measured >= 1.5
      ? `TLS took ${Math.round(measured)} round trips where TLS 1.3 needs 1: ${speaks} (${why})`
      : `TLS needs 2 round trips where TLS 1.3 needs 1: ${speaks} (${why}; by the protocol, not counted here)`;
  }
  if (over === null) return null;
  const why = "probably a HelloRetryRequest, a certificate chain too long for one flight, or a busy server";
  return measured === null
    ? `TLS took ${ms(over)} more than a round trip: ${why}`
    : `TLS took ${trips(measured)} where TLS 1.3 needs 1 (RFC 8446, section 2): ${why}`;
}

function upgradeExcess(over: Milliseconds | null, { phase }: RoundTrip): string | null {
  if (over === null) return null;
  const why =
    phase === "tcp"
      ? "whatever answers it is farther away than what answers TCP, or slow"
      : "whatever answers it is slow";
  return `the upgrade took ${ms(over)} more than a round trip: ${why}`;
}

function firstExcess(over: Milliseconds | null, seen: Observed, roundTrip: Milliseconds): string | null {
  if (over === null) return null;
  const what = seen.transport === "ws" ? "hello and the first statement" : "the first request";
  const took = `${what} took ${ms(over)} more than a round trip`;
  const own = serverShare(over, seen.firstServerTime);
  if (own !== null) return `${took}: ${own}`;
  const hop = seen.warm ? excess(seen.warm, roundTrip) : null;
  if (hop !== null && hop > over / 2) return `${took}: ${ms(hop)} of it on every statement`;
  return seen.warm
    ? `${took}: the first one is slower than those after it, which cannot be seen into from here`
    : `${took}: no statement was sent over an open connection, so it cannot be told apart`;
}

function warmExcess(
  over: Milliseconds | null,
  { warmServerTime, warmWire }: Observed,
  { time, phase }: RoundTrip,
): string | null {
  if (over === null) return null;
  const own = serverShare(over, warmServerTime);
  if (own !== null) return `a warm statement took ${ms(over)} more than a round trip: ${own}`;
  const [whose, who] =
    phase === "tcp" ? ["TCP's", "TCP"] : ["the smallest", phase === "tls" ? "TLS" : "before"];
  const behind = warmWire ? warmWire.time - time : over;
  return `a warm statement took ${ms(over)} more than ${whose} round trip: the database is ${ms(behind)} behind what answers ${who}`;
}

/** Says so when most of an excess is the server's, by its own account. */
function serverShare(over: Milliseconds, server: Least | null): string | null {
  if (server === null || server.time <= over / 2 || server.time > over * 2) return null;
  return `the statement itself took the server ${ms(server.time)}`;
}

const trips = (measured: number): string => `${measured.toFixed(1)} round trips`;

/** As exact as it can be meant. */
function ms(time: Milliseconds): string {
  return `${time.toFixed(time >= 10 ? 0 : time >= 1 ? 1 : 2)} ms`;
}
