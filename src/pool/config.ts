import { realClock, type Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { invalidOption } from "../core/errors.js";
import type { Random } from "../core/random.js";
import type { Connect, Connection } from "../libsql/connection.js";

/** Options of a {@link ConnectionPool}. All durations are in milliseconds; `Infinity` switches a limit off. */
export interface ConnectionPoolOptions<C extends Connection = Connection> {
  /** Opens a new connection, for example `connector({ url, authToken })`. */
  open: Connect<C>;
  /** Connections kept open even when idle. Default 1. */
  minConnections?: number;
  /** Connections that exist at one time, opening and closing ones included. Default 10. */
  maxConnections?: number;
  /** How long an acquire waits, and how long opening one connection may take. Default 5,000. */
  connectionTimeout?: Milliseconds;
  /** How many callers may wait for a lease. Default no limit. */
  maxWaiters?: number;
  /** Whether a connection that was idle for `healthCheckAge` is pinged before a caller gets it. Default true. */
  enableHealthCheck?: boolean;
  /** The age from which a connection's health is in doubt. Default 30,000. */
  healthCheckAge?: Milliseconds;
  /** How long that ping may take. Default 2,000. */
  healthCheckTimeout?: Milliseconds;
  /** A connection older than this, less up to 10 % at random, is closed when it is free. Default 30 minutes. */
  maxLifetime?: Milliseconds;
  /** A connection that nobody used for this long is closed, down to `minConnections`. Default 10 minutes. */
  idleTimeout?: Milliseconds;
  /** A lease that is held for longer counts as a suspected leak, and is told as `leakSuspected`. Default no limit. */
  leakThreshold?: Milliseconds;
  /** False: every lease gets a new connection, which is closed on release. Default true. */
  enablePooling?: boolean;
  /** What the pool is called in metrics, where each should have a name of its own. Default `turso-pool`. */
  name?: string;
  /** Replaced in tests. */
  clock?: Clock;
  /** Source of jitter; replaced in tests. */
  random?: Random;
}

/** Options of a {@link KeepAlivePool}, beside those of the pool below it. */
export interface KeepAliveOptions {
  /** False: no background task and no notion of staleness; the pool below alone. Default true. */
  enableKeepalive?: boolean;
  /** An idle connection is pinged before it was idle for this long. Default 30,000. */
  keepAliveInterval?: Milliseconds;
  /** A connection that is not known to have worked for this long is refreshed before use. Default 60,000. */
  staleThreshold?: Milliseconds;
  /** Whether the background task pings. Default true. */
  enableProactivePing?: boolean;
  /** A ping that takes longer has failed. Default 5,000. */
  pingTimeout?: Milliseconds;
}

export interface KeepAlivePoolOptions<C extends Connection = Connection>
  extends Omit<ConnectionPoolOptions<C>, "healthCheckAge">, KeepAliveOptions {}

export interface AcquireOptions {
  /** Gives up waiting when it aborts; the acquire then rejects with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

export interface CloseOptions {
  /** How long to wait for leases to come back before their connections are closed. Default `connectionTimeout`. */
  readonly timeout?: Milliseconds;
}

export type ConnectionPoolConfig<C extends Connection> = Readonly<Required<ConnectionPoolOptions<C>>>;
export type KeepAliveConfig = Readonly<Required<KeepAliveOptions>>;

const optional = <T extends object>(options: T): Partial<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Fills in the defaults and refuses, by name, what makes no sense. @throws {TursoPoolError} `INVALID_OPTION` */
export function resolveConnectionPool<C extends Connection>(
  options: ConnectionPoolOptions<C>,
): ConnectionPoolConfig<C> {
  const config: ConnectionPoolConfig<C> = {
    minConnections: 1,
    maxConnections: 10,
    connectionTimeout: 5_000,
    maxWaiters: Infinity,
    enableHealthCheck: true,
    healthCheckAge: 30_000,
    healthCheckTimeout: 2_000,
    maxLifetime: 30 * 60_000,
    idleTimeout: 10 * 60_000,
    leakThreshold: Infinity,
    name: "turso-pool",
    enablePooling: true,
    clock: realClock,
    random: Math.random,
    ...(optional(options) as ConnectionPoolOptions<C>),
  };
  if (typeof config.open !== "function")
    throw invalidOption("open", config.open, "a function that opens a connection");
  wholeNumber("maxConnections", config.maxConnections, 1);
  wholeNumber("minConnections", config.minConnections, 0);
  if (config.minConnections > config.maxConnections) {
    throw invalidOption(
      "minConnections",
      config.minConnections,
      `at most maxConnections (${config.maxConnections})`,
    );
  }
  if (config.maxWaiters !== Infinity) wholeNumber("maxWaiters", config.maxWaiters, 0);
  trueOrFalse("enableHealthCheck", config.enableHealthCheck);
  trueOrFalse("enablePooling", config.enablePooling);
  positive("connectionTimeout", config.connectionTimeout);
  positive("healthCheckAge", config.healthCheckAge);
  positive("healthCheckTimeout", config.healthCheckTimeout);
  positive("maxLifetime", config.maxLifetime);
  positive("idleTimeout", config.idleTimeout);
  positive("leakThreshold", config.leakThreshold);
  if (typeof config.name !== "string" || config.name === "") {
    throw invalidOption("name", config.name, "a text that is not empty");
  }
  return Object.freeze(config);
}

/** As {@link resolveConnectionPool}, for the keep-alive part. @throws {TursoPoolError} `INVALID_OPTION` */
export function resolveKeepAlive(
  options: KeepAliveOptions & { readonly enableHealthCheck?: boolean },
): KeepAliveConfig {
  const { enableKeepalive = true, enableProactivePing = true } = options;
  const { keepAliveInterval = 30_000, staleThreshold = 60_000, pingTimeout = 5_000 } = options;
  trueOrFalse("enableKeepalive", enableKeepalive);
  trueOrFalse("enableProactivePing", enableProactivePing);
  positive("keepAliveInterval", keepAliveInterval);
  positive("staleThreshold", staleThreshold);
  positive("pingTimeout", pingTimeout);
  if (enableKeepalive && enableProactivePing && keepAliveInterval > staleThreshold) {
    throw invalidOption(
      "keepAliveInterval",
      keepAliveInterval,
      `at most staleThreshold (${staleThreshold}), so that a connection is pinged before it goes stale`,
    );
  }
  if (enableKeepalive && options.enableHealthCheck === false) {
    throw invalidOption(
      "enableHealthCheck",
      false,
      "true, which enableKeepalive needs to refresh stale connections",
    );
  }
  return Object.freeze({
    enableKeepalive,
    keepAliveInterval,
    staleThreshold,
    enableProactivePing,
    pingTimeout,
  });
}

function wholeNumber(option: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw invalidOption(option, value, `a whole number from ${least}`);
}

function trueOrFalse(option: string, value: boolean): void {
  if (typeof value !== "boolean") throw invalidOption(option, value, "true or false");
}

function positive(option: string, value: Milliseconds): void {
  if (typeof value !== "number" || !(value > 0))
    throw invalidOption(option, value, "a number of milliseconds above 0");
}
