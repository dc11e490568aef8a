import type { ErrorCode } from "../core/errors.js";
import type { TargetResult } from "../libsql/target-result.js";
import type { Phase } from "./phases.js";

export type { Phase, TargetResult };

// Shapes of the output: docs/ping-result.schema.json. Times are in milliseconds.

export interface PingError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | null;
}

/** One ping: a line of `--json-lines`. */
export interface PingLine {
  readonly schema_version: 1;
  readonly type: "ping";
  readonly sequence: number;
  /** `cold`: it opened the connection that it went over. */
  readonly connection: "cold" | "warm";
  /** `refused`: the database said no. `lost`: no answer came. */
  readonly outcome: "answered" | "refused" | "lost";
  readonly total_ms: number | null;
  /** Together they are the total; `null` when no answer came. */
  readonly phases_ms: Readonly<Partial<Record<Phase, number>>> | null;
  /** The statement's part of it by the server's own account; `null` when it gives none. */
  readonly server_ms: number | null;
  readonly error: PingError | null;
}

export interface LatencyFigures {
  readonly pings: number;
  readonly latency_ms: Readonly<Record<"min" | "avg" | "p50" | "p95" | "max" | "stddev", number | null>>;
  /** Why a figure is `null`. */
  readonly null_reasons: Readonly<Record<string, string>>;
}

/** A phase of the average cold connection. */
export interface WaterfallPhase {
  readonly phase: Phase;
  /** From the start of the ping. */
  readonly starts_ms: number;
  readonly takes_ms: number;
  readonly share_percent: number;
}

export type CountedPhase = "tcp" | "tls" | "upgrade" | "hello_and_statement" | "request" | "warm_statement";

/** Round trips of a phase. */
export interface PhaseRoundTrips {
  readonly phase: CountedPhase;
  readonly expected: number;
  /** The smallest time that this phase took. */
  readonly smallest_ms: number;
  /** The smallest of how many. */
  readonly seen: number;
  /** In smallest round trips, a statement's less the server's own time; `null` where they are too short to count in. */
  readonly measured: number | null;
  /** What it took beyond what was expected, and why; `null` when it did not. */
  readonly excess: string | null;
}

export interface RoundTrips {
  readonly smallest_ms: number | null;
  readonly smallest_in: CountedPhase | null;
  readonly phases: readonly PhaseRoundTrips[];
  /** What there is to say of them all: that TCP is answered nearer than the database; else `null`. */
  readonly note: string | null;
  /** Why round trips are not counted; `null` when they are. */
  readonly reason: string | null;
}

/** What was agreed on and who answered. What is `null` is so for the reason that `null_reasons` gives. */
export interface WireResult {
  readonly tls_version: string | null;
  readonly alpn: string | null;
  /** The version of Hrana, and over what: `2 (JSON over WebSocket)`. */
  readonly hrana: string | null;
  readonly server_version: string | null;
  readonly ip_family: string | null;
  readonly address: string | null;
  readonly certificate_expires: string | null;
  readonly null_reasons: Readonly<Record<string, string>>;
}

/** All pings summed up: what `--json` prints, and the last line of `--json-lines`. */
export interface PingResult {
  readonly schema_version: 1;
  readonly type: "summary";
  readonly command: "ping";
  readonly target: TargetResult;
  readonly started_at: string;
  /** Ctrl-C ended it. The ping that was under way then is in no figure. */
  readonly interrupted: boolean;
  readonly sent: number;
  readonly received: number;
  readonly refused: number;
  readonly lost: number;
  readonly lost_percent: number | null;
  readonly cold: LatencyFigures;
  readonly warm: LatencyFigures;
  /** The average cold connection; empty when there was none. */
  readonly waterfall: readonly WaterfallPhase[];
  readonly round_trips: RoundTrips;
  readonly wire: WireResult;
  /** The last ping that was refused or else lost. */
  readonly last_error: PingError | null;
}

/** What `--wait-ready --json` prints. */
export interface ReadyResult {
  readonly schema_version: 1;
  readonly type: "ready";
  readonly command: "ping";
  readonly target: TargetResult;
  readonly ready_after_ms: number;
  readonly tries: number;
}
