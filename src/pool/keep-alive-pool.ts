import type { Connection } from "../libsql/connection.js";
import {
  resolveKeepAlive,
  type AcquireOptions,
  type CloseOptions,
  type KeepAliveConfig,
  type KeepAlivePoolOptions,
} from "./config.js";
import { ConnectionPool } from "./connection-pool.js";
import type { PoolEventListener, PoolEventName } from "./events.js";
import { KeepAliveTask } from "./keep-alive-task.js";
import type { Lease } from "./lease.js";
import { keepAliveStatistics, type KeepAliveStatistics } from "./statistics.js";

/**
 * A {@link ConnectionPool} whose idle connections stay alive: a background task pings each of them before
 * `keepAliveInterval` is over, and one that went stale all the same is refreshed before a caller gets it.
 *
 * ```ts
 * const pool = new KeepAlivePool({ open: connector({ url, authToken }) });
 * const rows = await pool.use((connection) => connection.client.execute("SELECT 1"));
 * await pool.close();
 * ```
 */
export class KeepAlivePool<C extends Connection = Connection> implements AsyncDisposable {
  /** The keep-alive options as resolved. */
  readonly config: KeepAliveConfig;
  /** The pool below: `pool.config` has the other options. */
  readonly pool: ConnectionPool<C>;
  readonly #task: KeepAliveTask<C>;

  /** @throws {TursoPoolError} `INVALID_OPTION` */
  constructor(options: KeepAlivePoolOptions<C>) {
    this.config = resolveKeepAlive(options);
    // Stale is the age at which health is in doubt, so one mechanism serves both.
    const staleness = { healthCheckAge: this.config.staleThreshold };
    this.pool = this.config.enableKeepalive
      ? new ConnectionPool<C>(
          { ...options, ...staleness },
          {
            doubted: () => this.#task.doubted(),
            resolved: (connection, answered) => this.#task.resolved(connection, answered),
            closed: () => this.#task.closed(),
          },
        )
      : new ConnectionPool<C>(options);
    this.#task = new KeepAliveTask(this.pool, this.config);
    this.#task.start();
  }

  /** See {@link ConnectionPool.acquire}. */
  acquire(options?: AcquireOptions): Promise<Lease<C>> {
    return this.pool.acquire(options);
  }

  /** See {@link ConnectionPool.use}. */
  use<T>(work: (connection: C) => Promise<T> | T, options?: AcquireOptions): Promise<T> {
    return this.pool.use(work, options);
  }

  /** See {@link ConnectionPool.healthCheck}. */
  healthCheck(options?: AcquireOptions): Promise<boolean> {
    return this.pool.healthCheck(options);
  }

  statistics(): KeepAliveStatistics {
    return keepAliveStatistics(this.pool.statistics(), this.#task.counts());
  }

  /** See {@link ConnectionPool.on}. */
  on<Name extends PoolEventName>(event: Name, listener: PoolEventListener<C, Name>): this {
    this.pool.on(event, listener);
    return this;
  }

  /** See {@link ConnectionPool.off}. */
  off<Name extends PoolEventName>(event: Name, listener: PoolEventListener<C, Name>): this {
    this.pool.off(event, listener);
    return this;
  }

  /** See {@link ConnectionPool.retire}. */
  retire(): void {
    this.pool.retire();
  }

  /** See {@link ConnectionPool.close}. */
  close(options?: CloseOptions): Promise<void> {
    return this.pool.close(options);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
