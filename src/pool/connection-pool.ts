import type { Milliseconds } from "../core/duration.js";
import { invalidOption, TursoPoolError } from "../core/errors.js";
import type { Connection } from "../libsql/connection.js";
import {
  resolveConnectionPool,
  type AcquireOptions,
  type CloseOptions,
  type ConnectionPoolConfig,
  type ConnectionPoolOptions,
} from "./config.js";
import type { Entry, EvictionReason } from "./entry.js";
import { EventHub, type PoolEventListener, type PoolEventName, type PoolEvents } from "./events.js";
import { HealthChecks } from "./health-checks.js";
import { Housekeeper } from "./housekeeper.js";
import { LeakWatch } from "./leak-watch.js";
import { Lease } from "./lease.js";
import { reportToOpenTelemetry } from "./open-telemetry.js";
import { Pinger, type ProbeOutcome } from "./pinger.js";
import { ResourcePool } from "./resource-pool.js";
import type { PoolObserver } from "./pool-observer.js";
import { Tally } from "./tally.js";
import { poolStatistics, type PoolStatistics } from "./statistics.js";

/**
 * A pool of libSQL connections: at most `maxConnections`, first come first served, the latest used first.
 *
 * A connection whose transport closes leaves the pool at that moment. One that was not heard of for
 * `healthCheckAge` is pinged before a caller gets it; one used a moment ago is not asked again.
 */
export class ConnectionPool<C extends Connection = Connection> implements AsyncDisposable {
  /** The options as resolved. */
  readonly config: ConnectionPoolConfig<C>;
  readonly #resources: ResourcePool<C, Lease<C>>;
  readonly #housekeeper: Housekeeper<C, Lease<C>>;
  readonly #pinger: Pinger<C>;
  readonly #healthChecks: HealthChecks<C>;
  readonly #observer: PoolObserver<C> | undefined;
  readonly #hub = new EventHub<C>();
  readonly #tally = new Tally<C>(this.#hub.hooks);
  readonly #leaks: LeakWatch<C>;
  readonly #startedAt: Milliseconds;
  #stopTelemetry: (() => void) | undefined;
  #closed: Promise<void> | undefined;

  /** @throws {TursoPoolError} `INVALID_OPTION` */
  constructor(options: ConnectionPoolOptions<C>, observer?: PoolObserver<C>) {
    const config = resolveConnectionPool(options);
    const { clock, random, enablePooling, enableHealthCheck, healthCheckAge } = config;
    this.config = config;
    this.#startedAt = clock.now();
    this.#observer = observer;
    this.#pinger = new Pinger(clock);
    this.#healthChecks = new HealthChecks(this.#pinger);
    this.#resources = new ResourcePool<C, Lease<C>>({
      clock,
      random,
      maxResources: config.maxConnections,
      maxWaiters: config.maxWaiters,
      timeout: config.connectionTimeout,
      maxLifetime: config.maxLifetime,
      reuse: enablePooling,
      // Async, so that an `open` or `close` that throws at once is a rejection like any other.
      open: async (signal) => config.open(signal),
      close: async (connection) => connection.close(),
      isOpen: (connection) => connection.open,
      lease: (entry) => new Lease(this.#resources, entry),
      inDoubt: (entry, now) => enableHealthCheck && now - entry.provenAt >= healthCheckAge,
      check: (entry) => void this.#revalidate(entry),
      tally: this.#tally,
      onShort: () => this.#pinger.hurry(config.healthCheckTimeout),
      onOpened: (entry) => this.#opened(entry),
      onVacancy: (vacancy) => this.#housekeeper.vacated(vacancy),
    });
    this.#housekeeper = new Housekeeper(this.#resources, {
      clock,
      random,
      minConnections: enablePooling ? config.minConnections : 0,
      idleTimeout: config.idleTimeout,
    });
    this.#leaks = new LeakWatch({
      clock,
      threshold: config.leakThreshold,
      leased: () => this.#resources.leased(),
      suspected: ({ resource: connection, holder }, heldMs) =>
        this.#hub.hooks.leakSuspected?.({ connection, heldMs, heldBy: holder?.stack }),
    });
    this.#stopTelemetry = reportToOpenTelemetry(this);
    this.#housekeeper.fill();
  }

  /**
   * Leases a connection: an idle one, else a new one, else the next that comes free.
   *
   * @throws {TursoPoolError} `ACQUIRE_TIMEOUT` after `connectionTimeout`; `OPEN_FAILED`, with the cause, as soon as
   * a connection could not be opened; `TOO_MANY_WAITERS`; `ABORTED`; `POOL_CLOSED`.
   */
  acquire(options?: AcquireOptions): Promise<Lease<C>> {
    return this.#resources.acquire(options?.signal);
  }

  /** Leases an idle connection that nobody has to ask how it is; `undefined` when there is none. @internal */
  tryAcquire(): Lease<C> | undefined {
    return this.#resources.tryAcquire();
  }

  /** Leases a connection for the duration of `work`. */
  async use<T>(work: (connection: C) => Promise<T> | T, options?: AcquireOptions): Promise<T> {
    using lease = await this.acquire(options);
    return await work(lease.connection);
  }

  /**
   * Pings one connection. True: it answered. False: it did not, and was closed.
   * @throws {TursoPoolError} when no connection could be had (see {@link acquire}), `ABORTED`, or `AUTH_REJECTED`.
   */
  async healthCheck(options: AcquireOptions = {}): Promise<boolean> {
    using lease = await this.acquire(options);
    return await this.#healthChecks.check(lease, this.config.healthCheckTimeout, options.signal);
  }

  statistics(): PoolStatistics {
    const now = this.config.clock.now();
    return poolStatistics(this.#resources.counts, this.#tally, {
      uptime: now - this.#startedAt,
      health: this.#healthChecks,
      leaksSuspected: this.#leaks.suspected,
      leaseAges: this.#resources.leased().map(({ leasedAt }) => now - leasedAt),
    });
  }

  /**
   * Calls `listener` whenever `event` happens, in a later microtask: it cannot disturb the pool. See {@link PoolEvents}.
   * @throws {TursoPoolError} `INVALID_OPTION` for an event that there is not
   */
  on<Name extends PoolEventName>(event: Name, listener: PoolEventListener<C, Name>): this {
    this.#hub.on(event, listener);
    return this;
  }

  /** Calls it no more. */
  off<Name extends PoolEventName>(event: Name, listener: PoolEventListener<C, Name>): this {
    this.#hub.off(event, listener);
    return this;
  }

  /** Closes all connections that are open now, each as soon as nobody uses it: for what only new ones see, such as a token. */
  retire(): void {
    for (const entry of this.#resources.list()) this.#resources.discard(entry, "retired");
  }

  /** Idle connections are pinged before anybody gets them: one that was in use has just failed. @internal */
  doubt(): void {
    for (const entry of this.#resources.idle()) entry.provenAt = -Infinity;
  }

  /**
   * Rejects whoever waits, closes idle connections, waits for leases to come back, then closes these too.
   * Afterwards no socket, timer or handle is left. Idempotent: the first call's timeout counts.
   * @throws {TursoPoolError} `INVALID_OPTION`
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const { timeout = this.config.connectionTimeout } = options;
    if (!(timeout >= 0)) throw invalidOption("timeout", timeout, "a number of milliseconds from 0");
    this.#closed ??= this.#shutDown(timeout);
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal */
  tell<Name extends PoolEventName>(event: Name, details: PoolEvents<C>[Name]): void {
    this.#hub.hooks[event]?.(details);
  }

  /** The longest unused first. @internal */
  idle(): readonly Entry<C>[] {
    return this.#resources.idle();
  }

  /**
   * Pings an idle connection, which nobody else can have until it is put back or replaced.
   * Whoever needs a connection waits for it as long as opening another would take. @internal
   */
  async probe(entry: Entry<C>, timeout: Milliseconds): Promise<ProbeOutcome> {
    this.#resources.reserve(entry);
    const hedge = this.config.clock.schedule(entry.openTook, () => this.#resources.late(entry));
    hedge.unref();
    try {
      await this.#pinger.ping(entry.resource, timeout);
      return "answered";
    } catch (error) {
      entry.silent = error instanceof TursoPoolError && error.code === "OPERATION_TIMEOUT";
      return this.#resources.closed ? "abandoned" : "failed";
    } finally {
      hedge.cancel();
    }
  }

  /** Gives a connection back that answered its probe. @internal */
  putBack(entry: Entry<C>): void {
    this.#resources.putBack(entry);
    this.#housekeeper.watch(entry);
  }

  /** Closes a connection whose probe failed, and opens another in its place. @internal */
  replace(entry: Entry<C>, reason: EvictionReason): void {
    this.#resources.replace(entry, reason);
  }

  async #revalidate(entry: Entry<C>): Promise<void> {
    this.#observer?.doubted();
    const outcome = await this.probe(entry, this.config.healthCheckTimeout);
    if (outcome === "abandoned") return;
    // Counted first, so that the caller who gets the connection finds it in the statistics.
    this.#observer?.resolved(entry.resource, outcome === "answered");
    if (outcome === "answered") {
      this.#healthChecks.passed++;
      this.putBack(entry);
    } else {
      this.#healthChecks.failed++;
      this.#resources.discard(entry, "health-check-failed");
    }
  }

  #opened(entry: Entry<C>): void {
    // A provider that was registered after the pool was made is found with the next connection.
    if (!this.#resources.closed) this.#stopTelemetry ??= reportToOpenTelemetry(this);
    this.#hub.hooks.opened?.({ connection: entry.resource, tookMs: entry.openTook });
    entry.resource.onClose(() => {
      this.#resources.discard(entry, "connection-closed");
      this.#pinger.closed(entry.resource);
    });
    this.#housekeeper.watch(entry);
  }

  async #shutDown(patience: Milliseconds): Promise<void> {
    this.#housekeeper.close();
    this.#observer?.closed();
    try {
      await this.#resources.close(patience);
    } finally {
      // Whoever does not give a connection back now is of interest, too.
      this.#leaks.close();
      this.#stopTelemetry?.();
    }
  }
}
