import type { Config } from "@libsql/core/api";
import type { Milliseconds } from "../../core/duration.js";
import { invalidOption } from "../../core/errors.js";
import type { DialOptions } from "../../libsql/dial.js";
import type { SocketGroup } from "../../libsql/socket-observer.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import type { TokenProvider } from "../../libsql/token-source.js";
import type { KeepAlivePoolOptions } from "../config.js";

/** What a call may be told beside its statements. */
export interface CallOptions {
  /** Ends the call when it aborts, with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** See {@link PooledClientOptions.operationTimeout}. */
  readonly operationTimeout?: Milliseconds | undefined;
  /**
   * The statements may be executed twice without harm, so they are sent again when it is not known whether they were
   * executed. Default false: then only what the engine calls read-only is.
   */
  readonly idempotent?: boolean | undefined;
}

/**
 * Options of {@link createPool}: those of `createClient()` and those of the pool. Durations in milliseconds, `timeout` and
 * `syncInterval` as in `createClient()`. With a `fetch`, HTTP goes over its sockets, of which the pool knows nothing.
 */
export interface PooledClientOptions
  extends Omit<Config, "authToken">, Omit<KeepAlivePoolOptions<LibsqlConnection>, "open"> {
  /** A token, or a function that is asked for one before each connection. A token in the URL wins. */
  authToken?: string | TokenProvider | undefined;
  /** Certificate authorities to trust instead of Node's, in PEM. Certificates are always checked. */
  ca?: string | undefined;
  /** Where to connect to in place of the URL's host and port, such as a tunnel; names in TLS and HTTP stay the URL's. */
  via?: DialOptions["via"] | undefined;
  /** Told of every socket. */
  sockets?: SocketGroup | undefined;
  /** How long a call may take, all included: waiting, connecting, sending again. `Infinity`: for ever. Default 30,000. */
  operationTimeout?: Milliseconds | undefined;
  /** How often statements are sent again at most, where that can do no harm. 0: nothing is tried twice. Default 2. */
  maxRetries?: number | undefined;
  /** Takes a transaction back that was open for longer than `leakThreshold`: it is rolled back. Default false. */
  reclaimLeaks?: boolean | undefined;
}

/** Those that are the client's own, with their defaults. */
export interface ClientConfig {
  readonly operationTimeout: Milliseconds;
  readonly maxRetries: number;
  readonly reclaimLeaks: boolean;
}

/** @throws {TursoPoolError} `INVALID_OPTION` */
export function resolveClient(options: PooledClientOptions): ClientConfig {
  const given: unknown = options;
  if (typeof given !== "object" || given === null) {
    // The words of `createClient()`, for whoever gives the URL alone.
    throw new TypeError(
      `Expected client configuration as object, got ${given === null ? "null" : typeof given}`,
    );
  }
  const { operationTimeout = 30_000, maxRetries = 2, reclaimLeaks = false, concurrency = 0 } = options;
  if (!Number.isSafeInteger(concurrency) || concurrency < 0) {
    throw invalidOption("concurrency", concurrency, "a whole number from 0");
  }
  if (options.fetch !== undefined && typeof options.fetch !== "function") {
    throw invalidOption("fetch", typeof options.fetch, "a function");
  }
  const token: unknown = options.authToken ?? "";
  if (typeof token !== "string" && typeof token !== "function") {
    throw invalidOption("authToken", typeof token, "a string, or a function that gives one");
  }
  checkTimeout(operationTimeout);
  if (!Number.isSafeInteger(maxRetries) || maxRetries < 0) {
    throw invalidOption("maxRetries", maxRetries, "a whole number from 0");
  }
  if (typeof reclaimLeaks !== "boolean") throw invalidOption("reclaimLeaks", reclaimLeaks, "true or false");
  return { operationTimeout, maxRetries, reclaimLeaks };
}

/** @throws {TursoPoolError} `INVALID_OPTION` */
export function checkCall({ signal, operationTimeout, idempotent }: CallOptions): void {
  if (operationTimeout !== undefined) checkTimeout(operationTimeout);
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw invalidOption("signal", typeof signal, "an AbortSignal");
  }
  if (idempotent !== undefined && typeof idempotent !== "boolean") {
    throw invalidOption("idempotent", idempotent, "true or false");
  }
}

function checkTimeout(value: Milliseconds): void {
  if (typeof value !== "number" || !(value > 0)) {
    throw invalidOption("operationTimeout", value, "a number of milliseconds above 0");
  }
}
