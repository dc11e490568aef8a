import { TursoPoolError } from "../core/errors.js";
import type { Target } from "../libsql/target.js";
import type { Ping } from "./probe.js";
import { isRefusal } from "./failure.js";
import type {
  PingError,
  PingLine,
  PingResult,
  TargetResult,
  RoundTrips,
  WaterfallPhase,
  WireResult,
} from "./result.js";
import { countRoundTrips } from "./round-trips.js";
import type { ServerVersion } from "./server-version.js";
import type { Tally } from "./tally.js";
import type { WireFacts } from "./wire-facts.js";

/** A ping as a line of output. */
export function pingLine(ping: Ping, sequence: number): PingLine {
  const line = { schema_version: 1, type: "ping", sequence, connection: ping.kind } as const;
  if (ping.outcome === "failed") {
    const outcome = isRefusal(ping.error) ? "refused" : "lost";
    const nothing = { total_ms: null, phases_ms: null, server_ms: null };
    return { ...line, outcome, ...nothing, error: pingError(ping.error) };
  }
  const { total, phases, serverTime } = ping;
  return {
    ...line,
    outcome: "answered",
    total_ms: total,
    phases_ms: phases,
    server_ms: serverTime,
    error: null,
  };
}

export interface Findings {
  readonly target: Target;
  readonly shown: TargetResult;
  readonly startedAt: Date;
  readonly interrupted: boolean;
  readonly tally: Tally;
  readonly facts: WireFacts | undefined;
  readonly version: ServerVersion;
}

/** All pings summed up. */
export function makeResult(found: Findings): PingResult {
  const { target, shown, tally, facts } = found;
  const { received, refused, lost } = tally;
  const sent = received + refused + lost;
  const roundTrips = countedTrips(found);
  const error = tally.lastRefusal ?? tally.lastLoss;
  return {
    schema_version: 1,
    type: "summary",
    command: "ping",
    target: shown,
    started_at: found.startedAt.toISOString(),
    interrupted: found.interrupted,
    sent,
    received,
    refused,
    lost,
    lost_percent: sent === 0 ? null : (lost / sent) * 100,
    cold: tally.cold.figures(),
    warm: tally.warm.figures(),
    waterfall: waterfall(tally),
    // What is on the way to a server of ours is known: a bandwidth holds bytes back, and TCP's handshake has none.
    round_trips: shown.embedded ? { ...roundTrips, note: null } : roundTrips,
    wire: wireResult(target, facts, found.version),
    last_error: error ? pingError(error) : null,
  };
}

function countedTrips({ target, tally, facts }: Findings): RoundTrips {
  if (target.kind === "local") {
    const none = { smallest_ms: null, smallest_in: null, phases: [], note: null };
    return { ...none, reason: "a local database has no round trips" };
  }
  return countRoundTrips({
    tcp: tally.least("tcp"),
    tls: tally.least("tls"),
    upgrade: tally.least("upgrade"),
    first: tally.least("first"),
    firstWire: tally.least("first wire"),
    warm: tally.least("warm"),
    warmWire: tally.least("warm wire"),
    transport: target.transport,
    tlsVersion: facts?.tlsVersion ?? null,
    addressesTried: facts?.addressesTried ?? 0,
    firstServerTime: tally.least("first server"),
    warmServerTime: tally.least("warm server"),
  });
}

function pingError({ code, message, hint }: TursoPoolError): PingError {
  return { code, message, hint: hint ?? null };
}

function waterfall(tally: Tally): WaterfallPhase[] {
  const phases = tally.averagePhases();
  const total = phases.reduce((sum, [, time]) => sum + time, 0);
  let starts = 0;
  return phases.map(([phase, time]) => {
    const starts_ms = starts;
    starts += time;
    return { phase, starts_ms, takes_ms: time, share_percent: (time / total) * 100 };
  });
}

function wireResult(target: Target, facts: WireFacts | undefined, server: ServerVersion): WireResult {
  const figures = {
    tls_version: facts?.tlsVersion ?? null,
    alpn: facts?.alpn ?? null,
    hrana: facts && target.kind === "remote" ? hranaVersion(target.transport, facts) : null,
    server_version: server.version,
    ip_family: facts?.family ?? null,
    address: facts?.address ?? null,
    certificate_expires: facts?.certificateExpires?.toISOString() ?? null,
  };
  const reason = (name: string): string => {
    if (name === "server_version") return server.reason ?? "";
    if (target.kind === "local") return "a local database has no wire";
    if (facts === undefined) return "no ping was answered";
    if (name === "alpn" && target.tls) return "the server chose none";
    return target.tls ? "the socket does not say" : "no TLS";
  };
  const missing = Object.entries(figures).filter(([, value]) => value === null);
  return { ...figures, null_reasons: Object.fromEntries(missing.map(([name]) => [name, reason(name)])) };
}

/** Over HTTP what the client speaks, `/v2/pipeline`; over WebSocket what the server chose. */
function hranaVersion(transport: "ws" | "http", { subprotocol }: WireFacts): string {
  if (transport === "http") return "2 (JSON over HTTP)";
  return `${/^hrana(\d)/.exec(subprotocol ?? "")?.[1] ?? "1"} (JSON over WebSocket)`;
}
