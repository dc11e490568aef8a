import type { Milliseconds } from "../core/duration.js";
import { TursoPoolError } from "../core/errors.js";
import type { Connection } from "../libsql/connection.js";
import { resolveConnectionPool, type ConnectionPoolConfig, type ConnectionPoolOptions } from "./config.js";
import type { Entry, EvictionReason } from "./entry.js";
import { Housekeeper } from "./housekeeper.js";
import { Lease } from "./lease.js";
import { pingWithin } from "./probe.js";
import { ResourcePool } from "./resource-pool.js";
import { poolStatistics, type PoolStatistics } from "./statistics.js";

export interface AcquireOptions {
  /** Gives up waiting when it aborts; the acquire then rejects with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
}

export interface CloseOptions {
  /** How long to wait for leases to come back before their connections are closed. Default `connectionTimeout`. */
  readonly timeout?: Milliseconds;
}

/** What happened to connections whose health was in doubt at checkout; for the layer above. */
export interface DoubtListener {
  doubted(): void;
  /** It answered, or it was closed to be replaced. */
  resolved(): void;
}

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
  readonly #onDoubt: DoubtListener | undefined;
  #healthChecksPassed = 0;
  #healthChecksFailed = 0;
  #closed: Promise<void> | undefined;

  /** @throws {TursoPoolError} `INVALID_OPTION` */
  constructor(options: ConnectionPoolOptions<C>, onDoubt?: DoubtListener) {
    const config = resolveConnectionPool(options);
    this.config = config;
    this.#onDoubt = onDoubt;
    this.#resources = new ResourcePool<C, Lease<C>>({
      clock: config.clock,
      random: config.random,
      maxResources: config.maxConnections,
      maxWaiters: config.maxWaiters,
      timeout: config.connectionTimeout,
      maxLifetime: config.maxLifetime,
      // Async, so that an `open` or `close` that throws at once is a rejection like any other.
      open: async (signal) => config.open(signal),
      close: async (connection) => connection.close(),
      lease: (entry) => new Lease(this.#lender, entry),
      onOpened: (entry) => this.#opened(entry),
      onVacancy: (cause) => this.#housekeeper.vacated(cause),
    });
    this.#housekeeper = new Housekeeper(this.#resources, {
      clock: config.clock,
      random: config.random,
      minConnections: config.enablePooling ? config.minConnections : 0,
      idleTimeout: config.idleTimeout,
    });
    this.#housekeeper.fill();
  }

  readonly #lender = {
    release: (entry: Entry<C>): void => {
      if (!this.config.enablePooling) this.#resources.discard(entry, "pooling-disabled");
      this.#resources.release(entry);
    },
    discard: (entry: Entry<C>, reason: EvictionReason): void => this.#resources.discard(entry, reason),
  };

  /**
   * Leases a connection: an idle one, else a new one, else the next that comes free.
   *
   * @throws {TursoPoolError} `ACQUIRE_TIMEOUT` after `connectionTimeout`; `OPEN_FAILED`, with the cause, as soon as
   * a connection could not be opened; `TOO_MANY_WAITERS`; `ABORTED`; `POOL_CLOSED`.
   */
  acquire(options?: AcquireOptions): Promise<Lease<C>> {
    const signal = options?.signal;
    const lease = signal?.aborted ? undefined : this.#takeHealthy();
    return lease === undefined ? this.#resources.wait(signal) : Promise.resolve(lease);
  }

  /** Leases a connection for the duration of `work`. */
  async use<T>(work: (connection: C) => Promise<T> | T, options?: AcquireOptions): Promise<T> {
    using lease = await this.acquire(options);
    return await work(lease.connection);
  }

  /**
   * Pings one connection. True: it answered. False: it did not, and was closed.
   * @throws {TursoPoolError} when no connection could be had (see {@link acquire}), or `AUTH_REJECTED`.
   */
  async healthCheck(options?: AcquireOptions): Promise<boolean> {
    using lease = await this.acquire(options);
    try {
      await pingWithin(lease.connection, this.config.healthCheckTimeout, this.config.clock);
      this.#healthChecksPassed++;
      return true;
    } catch (error) {
      this.#healthChecksFailed++;
      lease.destroy();
      if (error instanceof TursoPoolError && error.code === "AUTH_REJECTED") throw error;
      return false;
    }
  }

  statistics(): PoolStatistics {
    return poolStatistics(this.#resources.counts(), {
      passed: this.#healthChecksPassed,
      failed: this.#healthChecksFailed,
    });
  }

  /**
   * Rejects whoever waits, closes idle connections, waits for leases to come back, then closes these too.
   * Afterwards no socket, timer or handle is left. Idempotent.
   */
  close(options: CloseOptions = {}): Promise<void> {
    this.#closed ??= this.#resources.close(options.timeout ?? this.config.connectionTimeout);
    this.#housekeeper.stop();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Idle connections, the longest unused first; for the layer above. @internal */
  idle(): readonly Entry<C>[] {
    return this.#resources.idle();
  }

  /**
   * Pings an idle connection, which nobody else can have meanwhile, and puts it back if it answers.
   * Whoever needs a connection waits for it as long as opening another would take. @internal
   */
  async probe(entry: Entry<C>, timeout: Milliseconds): Promise<boolean> {
    this.#resources.reserve(entry);
    const hedge = this.config.clock.schedule(entry.openTook, () => this.#resources.late(entry));
    hedge.unref();
    try {
      await pingWithin(entry.resource, timeout, this.config.clock);
      this.#resources.putBack(entry);
      return true;
    } catch {
      return false;
    } finally {
      hedge.cancel();
    }
  }

  /** Closes a connection that nobody holds, and opens another in its place. @internal */
  async replace(entry: Entry<C>, reason: EvictionReason): Promise<void> {
    this.#resources.discard(entry, reason);
    await entry.gone;
    this.#resources.openOne();
  }

  #takeHealthy(): Lease<C> | undefined {
    for (;;) {
      const entry = this.#resources.latest();
      if (entry === undefined) return undefined;
      const now = this.config.clock.now();
      if (now >= entry.expiresAt) {
        this.#resources.discard(entry, "max-lifetime");
        continue;
      }
      if (!this.config.enableHealthCheck || now - entry.provenAt < this.config.healthCheckAge) {
        return this.#resources.take();
      }
      void this.#revalidate(entry);
      return undefined;
    }
  }

  async #revalidate(entry: Entry<C>): Promise<void> {
    this.#onDoubt?.doubted();
    if (await this.probe(entry, this.config.healthCheckTimeout)) this.#healthChecksPassed++;
    else {
      this.#healthChecksFailed++;
      this.#resources.discard(entry, "health-check-failed");
    }
    this.#onDoubt?.resolved();
  }

  #opened(entry: Entry<C>): void {
    entry.resource.onClose(() => this.#resources.discard(entry, "connection-closed"));
    this.#housekeeper.opened(entry.expiresAt);
  }
}
