import type { Milliseconds } from "../../core/duration.js";

/** How a connection ends: with RST, or with FIN to both sides. */
export type Ending = "reset" | "end";

/** Which connections a fault is for: those open when it begins, those that come while it lasts, or both. */
export type Scope = "open" | "new" | "all";

/** How often a fault strikes; without either, always. */
export interface Strikes {
  /** It strikes so many times, then no more. */
  readonly times?: number | undefined;
  /** It strikes each that it could strike with this probability, from 0 to 1, drawn from the proxy's seed. */
  readonly probability?: number | undefined;
}

/** For faults of connections. */
interface OfConnections extends Strikes {
  /** Default: all. */
  readonly scope?: Scope | undefined;
}

/**
 * For faults of requests: of HTTP, WebSocket upgrades and messages. Over TLS nobody can tell requests apart, so
 * each piece of what the client sends is taken for one, see {@link Fault}.
 */
interface OfRequests extends Strikes {
  /** Only requests in whose text (of HTTP head and body, of a WebSocket message) this occurs. Never over TLS. */
  readonly matching?: string | undefined;
}

/**
 * What the network, a middlebox or a server does to connections.
 *
 * Statements are never altered, and what is said not to reach the server never does. What a fault did to a
 * connection it did for good: healing helps those that it has not struck, and new ones.
 */
export type Fault =
  /** Nobody listens; connections are reset. */
  | { readonly kind: "refuse" }
  /** Connections are reset, new ones as soon as they are open. */
  | ({ readonly kind: "reset" } & OfConnections)
  /** Connections end with a FIN, without a goodbye of HTTP, WebSocket or TLS. */
  | ({ readonly kind: "drop" } & OfConnections)
  /**
   * Nothing goes through in either direction and nothing is closed. The kernel accepts new connections, which get
   * no further. With `resumes`, what was sent meanwhile arrives once it is over, as TCP sees to in short outages;
   * without, these connections stay dead.
   */
  | ({ readonly kind: "black-hole"; readonly resumes?: boolean | undefined } & OfConnections)
  /**
   * A middlebox has forgotten the connections that are open now; or, with `idleMs`, forgets while this lasts those
   * that carry nothing for longer. Nothing goes through and neither side is told. New ones work.
   */
  | { readonly kind: "half-open"; readonly idleMs?: Milliseconds | undefined }
  /** Every chunk takes so much longer, in either direction. */
  | { readonly kind: "slow"; readonly delayMs: Milliseconds }
  /** Of the answers, so many bytes come through each time. */
  | { readonly kind: "trickle"; readonly bytes: number; readonly everyMs: Milliseconds }
  /**
   * The request reaches the server, and of its answer these bytes (default 0) the client, whose connection then
   * ends (default: with RST). The server is left to finish. Over TLS, the first request of a connection is spared:
   * until a first answer has come, nobody can tell an answer from the handshake.
   */
  | ({
      readonly kind: "cut-answer";
      readonly bytes?: number | undefined;
      readonly how?: Ending | undefined;
    } & OfRequests)
  /** Nothing of the request reaches the server; the connection is reset. Over TLS, its handshake is spared. */
  | ({ readonly kind: "cut-request" } & OfRequests)
  /** Of the answers, one byte in so many (default 64), at random, is changed. */
  | { readonly kind: "corrupt"; readonly oneIn?: number | undefined }
  /** Each connection ends (default: with RST) after so many more bytes of answers. */
  | { readonly kind: "close-after"; readonly bytes: number; readonly how?: Ending | undefined }
  /** Open connections are reset; new ones are answered with something that is neither TLS nor HTTP. */
  | { readonly kind: "not-tls" }
  /** Open connections are reset; new ones meet a certificate that expired yesterday. Nothing goes further. */
  | { readonly kind: "expired-certificate" }
  /** The proxy answers in the server's stead, HTTP requests and upgrades alike. Over TLS it cannot. */
  | ({
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>> | undefined;
      readonly body?: string | undefined;
    } & OfRequests)
  /** The proxy takes WebSocket upgrades, refuses the hello that comes next, and closes. Over TLS it cannot. */
  | ({
      readonly kind: "refuse-hello";
      readonly message?: string | undefined;
      readonly code?: string | undefined;
    } & Strikes);

/** The name of a fault. */
export type FaultKind = Fault["kind"];
