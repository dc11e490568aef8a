// Shapes of the output: docs/tune-result.schema.json. Times are in milliseconds.

/**
 * What an idle limit is looked for in.
 * - `client`: a plain `createClient()` over HTTP, which has a socket pool of its own
 * - `http`: an HTTP connection that has answered a request, kept open
 * - `ws`: a WebSocket that has answered a statement
 * - `tcp`: a connection (TLS included) that has carried no request yet: what is on the way
 * - `stream`: a Hrana stream over HTTP: a transaction that pauses
 */
export const LAYERS = ["client", "http", "ws", "tcp", "stream"] as const;
export type LayerName = (typeof LAYERS)[number];

/** How a connection ended that had idled too long. */
export type LossKind =
  /** It was closed while idle, and we were told (FIN or RST). */
  | "closed"
  /** The request after the idle time was answered with a reset, or a refusal. */
  | "refused"
  /** The request after the idle time got no answer. */
  | "silent";

/** What was found in one layer. */
export interface LayerResult {
  readonly layer: LayerName;
  readonly outcome:
    | "limit"
    /** All that idled up to `searched_up_to_ms` survived. */
    | "none"
    /** Stopped before it could tell, or not to be reached; `note` says why. */
    | "unknown";
  readonly kind: LossKind | null;
  /** The longest idle time that was survived below the limit; `null` when none was. */
  readonly survived_ms: number | null;
  /** The shortest that was not; `null` when there was none. */
  readonly lost_ms: number | null;
  /** The best estimate: the moment of closing where that was seen, else the middle of the bracket. */
  readonly limit_ms: number | null;
  /** How many connections survived, and were lost, within the bracket's neighbourhood. */
  readonly survivals: number;
  readonly losses: number;
  /** Connections that were tried in all. */
  readonly probes: number;
  readonly searched_up_to_ms: number;
  readonly note: string | null;
}

/** Limits of several layers told apart: whose they are. */
export interface IdleLimitResult {
  readonly whose: "client" | "server" | "network" | "websocket" | "stream";
  /** Such as `the server's HTTP keep-alive`. */
  readonly name: string;
  readonly kind: LossKind;
  readonly limit_ms: number;
  readonly survived_ms: number | null;
  readonly lost_ms: number;
  /** The layers that it was seen in. */
  readonly layers: readonly LayerName[];
  /** What it means for a pool, in one line. */
  readonly meaning: string;
}

export interface IdleResult {
  readonly max_idle_ms: number;
  readonly layers: readonly LayerResult[];
  /** Shortest first. */
  readonly limits: readonly IdleLimitResult[];
}
