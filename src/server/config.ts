import { invalidOption } from "../core/errors.js";
import { resolveNetwork, type NetworkConfig, type NetworkOptions } from "./network/config.js";
import type { WorkConfig } from "./statement-work.js";

/** What a server refuses to exceed. Every limit is answered with an error, never with a crash. */
export interface ServerLimits {
  /** Largest request body or WebSocket message, in bytes. Default 16 MiB. */
  readonly maxBodyBytes: number;
  /** Largest result of one request, estimated as JSON, in bytes. Default 10 MiB, as sqld. */
  readonly maxResultBytes: number;
  /** Streams open at one time, each with an engine handle of its own. Default 128, as sqld. */
  readonly maxStreams: number;
  /** Sockets open at one time; a further one is closed as soon as it is accepted. Default 10,000. */
  readonly maxSockets: number;
  /** A request has come in whole after this long, and its head after a minute, or its socket is closed. Default 300,000 ms. */
  readonly maxRequestMs: number;
}

/** Where the certificate comes from; `self-signed` makes one for localhost at the start. */
export type TlsOption = "off" | "self-signed" | { readonly certFile: string; readonly keyFile: string };

/** Options of a server, as a caller may write them. */
export interface ServerOptions {
  /** Address to listen on. Default `127.0.0.1`: loopback only. */
  readonly host?: string | undefined;
  /** Port to listen on. Default 0: any free one. */
  readonly port?: number | undefined;
  readonly tls?: TlsOption | undefined;
  /** Database to serve; made and seeded when it is missing or empty. Default: a temporary one. */
  readonly databaseFile?: string | undefined;
  /** Ed25519 public key(s), PEM or URL-safe base64. Without it, everybody may do everything. */
  readonly authJwtKeyFile?: string | undefined;
  /** An HTTP stream that is not used for this long is closed. Default 10,000 ms, as sqld. */
  readonly streamExpiryMs?: number | undefined;
  /** The server closes sockets that carry nothing for this long. Default: never. A middlebox's limit is the network's. */
  readonly idleTimeoutMs?: number | undefined;
  /** An HTTP connection that is unused for this long after an answer is closed, and clients are told so. Default: never. */
  readonly httpKeepAliveMs?: number | undefined;
  /** Every statement takes at least this long, as if the database had so much to do. Default: only what it takes. */
  readonly statementTimeMs?: number | undefined;
  /** Statements that run at one time; others wait, first come first served. Default: any number. */
  readonly parallelStatements?: number | undefined;
  /** A network to be reached over, in place of plain loopback. Default: none. */
  readonly network?: NetworkOptions | undefined;
  readonly limits?: { readonly [K in keyof ServerLimits]?: ServerLimits[K] | undefined } | undefined;
}

/** Options with every default filled in and every value checked. */
export interface ServerConfig {
  readonly host: string;
  readonly port: number;
  readonly tls: TlsOption;
  readonly databaseFile: string | undefined;
  readonly authJwtKeyFile: string | undefined;
  readonly streamExpiryMs: number;
  readonly idleTimeoutMs: number | undefined;
  readonly httpKeepAliveMs: number | undefined;
  /** `undefined` where nothing is emulated. */
  readonly work: WorkConfig | undefined;
  readonly network: NetworkConfig | undefined;
  readonly limits: ServerLimits;
}

const DEFAULT_LIMITS: ServerLimits = {
  maxBodyBytes: 16 * 1024 * 1024,
  maxResultBytes: 10 * 1024 * 1024,
  maxStreams: 128,
  maxSockets: 10_000,
  maxRequestMs: 300_000,
};

/** setTimeout fires at once beyond this, so nothing longer is let in. */
const MAX_TIMER_MS = 2_147_483_647;

/**
 * Fills in defaults and refuses what makes no sense.
 * @throws {TursoPoolError} `INVALID_OPTION`, naming the option, the value and what is allowed.
 */
export function resolveServerConfig(options: ServerOptions = {}): ServerConfig {
  return {
    host: nonEmpty("host", options.host ?? "127.0.0.1"),
    port: integer("port", options.port ?? 0, 0, 65_535),
    tls: resolveTls(options.tls ?? "off"),
    databaseFile: optional(options.databaseFile, (file) => nonEmpty("databaseFile", file)),
    authJwtKeyFile: optional(options.authJwtKeyFile, (file) => nonEmpty("authJwtKeyFile", file)),
    streamExpiryMs: integer("streamExpiryMs", options.streamExpiryMs ?? 10_000, 1, MAX_TIMER_MS),
    idleTimeoutMs: optional(options.idleTimeoutMs, (ms) => integer("idleTimeoutMs", ms, 1, MAX_TIMER_MS)),
    httpKeepAliveMs: optional(options.httpKeepAliveMs, (ms) =>
      integer("httpKeepAliveMs", ms, 1, MAX_TIMER_MS),
    ),
    work: resolveWork(options),
    network: optional(options.network, resolveNetwork),
    limits: {
      maxBodyBytes: limit("maxBodyBytes", options),
      maxResultBytes: limit("maxResultBytes", options),
      maxStreams: limit("maxStreams", options),
      maxSockets: limit("maxSockets", options),
      maxRequestMs: limit("maxRequestMs", options),
    },
  };
}

/** Statements that take no time of their own never overlap: nobody would wait. */
function resolveWork({ statementTimeMs, parallelStatements }: ServerOptions): WorkConfig | undefined {
  const parallel = optional(parallelStatements, (n) => integer("parallelStatements", n, 1, MAX_TIMER_MS));
  if (statementTimeMs === undefined) {
    if (parallel === undefined) return undefined;
    throw invalidOption("parallelStatements", parallel, "of use without statementTimeMs");
  }
  if (!(statementTimeMs > 0 && statementTimeMs <= MAX_TIMER_MS)) {
    throw invalidOption("statementTimeMs", statementTimeMs, `a number above 0, up to ${MAX_TIMER_MS}`);
  }
  return { statementTime: statementTimeMs, parallel };
}

function limit(name: keyof ServerLimits, options: ServerOptions): number {
  return integer(`limits.${name}`, options.limits?.[name] ?? DEFAULT_LIMITS[name], 1, MAX_TIMER_MS);
}

function optional<T, R>(value: T | undefined, check: (value: T) => R): R | undefined {
  return value === undefined ? undefined : check(value);
}

function integer(option: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidOption(option, value, `a whole number from ${min} to ${max}`);
}

function nonEmpty(option: string, value: string): string {
  if (typeof value === "string" && value.length > 0 && !value.includes("\0")) return value;
  throw invalidOption(option, value, "a non-empty string");
}

function resolveTls(tls: TlsOption): TlsOption {
  if (tls === "off" || tls === "self-signed") return tls;
  if (typeof tls === "object" && typeof tls.certFile === "string" && typeof tls.keyFile === "string") {
    return {
      certFile: nonEmpty("tls.certFile", tls.certFile),
      keyFile: nonEmpty("tls.keyFile", tls.keyFile),
    };
  }
  throw invalidOption("tls", tls, '"off", "self-signed" or { certFile, keyFile }');
}
