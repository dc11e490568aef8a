import {
  LibsqlError,
  type Client,
  type InArgs,
  type InStatement,
  type Replicated,
  type ResultSet,
  type Transaction,
  type TransactionMode,
} from "@libsql/core/api";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import type { CloseOptions } from "../config.js";
import type { PoolEventListener, PoolEventName } from "../events.js";
import type { KeepAlivePool } from "../keep-alive-pool.js";
import type { KeepAliveStatistics } from "../statistics.js";
import type { ClientCore } from "./client-core.js";
import { copiesOf, copyOf, sqlOf, type AnyStatement } from "./operation.js";
import { checkCall, type CallOptions } from "./options.js";

/**
 * A `Client` of `@libsql/client` over a keep-alive pool: see {@link createPool}.
 *
 * Every call rejects with a `LibsqlError`, with the same codes over every transport; those of the way to the database are
 * {@link PooledClientError}s. What the caller gives wrong is a `TypeError` or `RangeError`, as in `@libsql/client`.
 */
export class PooledClient implements Client, AsyncDisposable {
  readonly protocol: string;
  readonly #core: ClientCore;
  readonly #options: CallOptions;

  /** @internal */
  constructor(core: ClientCore, options: CallOptions = {}) {
    this.#core = core;
    this.#options = options;
    this.protocol = core.protocol;
  }

  /**
   * The same client, whose calls take these options; for anything that takes a client:
   *
   * ```ts
   * await client.with({ signal, operationTimeout: 500 }).execute("SELECT 1");
   * const db = drizzle(client.with({ idempotent: true }));
   * ```
   * @throws {TursoPoolError} `INVALID_OPTION`
   */
  with(options: CallOptions): PooledClient {
    checkCall(options);
    const { signal, operationTimeout, idempotent } = this.#options;
    return new PooledClient(this.#core, {
      signal: options.signal ?? signal,
      operationTimeout: options.operationTimeout ?? operationTimeout,
      idempotent: options.idempotent ?? idempotent,
    });
  }

  /** The pool: for `snapshotOf()`, `serveStatistics()` and leases of one's own. Another one after `reconnect()`. */
  get pool(): KeepAlivePool<LibsqlConnection> {
    return this.#core.pool;
  }

  get closed(): boolean {
    return this.#core.closed;
  }

  execute(statement: InStatement): Promise<ResultSet>;
  execute(sql: string, args?: InArgs): Promise<ResultSet>;
  async execute(statement: InStatement | string, args?: InArgs): Promise<ResultSet> {
    const given = copyOf(
      typeof statement === "string" && args !== undefined ? { sql: statement, args } : statement,
    );
    return this.#core.run(
      { statements: () => [sqlOf(given)], run: (client) => client.execute(given) },
      this.#options,
    );
  }

  async batch(statements: AnyStatement[], mode?: TransactionMode): Promise<ResultSet[]> {
    const given = copiesOf(statements);
    return this.#core.run(
      { statements: () => given.map(sqlOf), run: (client) => client.batch(given, mode) },
      this.#options,
    );
  }

  async migrate(statements: InStatement[]): Promise<ResultSet[]> {
    const given = copiesOf(statements);
    return this.#core.run({ run: (client) => client.migrate(given) }, this.#options);
  }

  /**
   * Begins an interactive transaction on a connection of its own. It takes a connection away from the others until
   * `commit()`, `rollback()` or `close()`, so one of them has to be called.
   */
  async transaction(mode: TransactionMode = "write"): Promise<Transaction> {
    return this.#core.transaction(mode, this.#options);
  }

  async executeMultiple(sql: string): Promise<void> {
    return this.#core.run({ run: (client) => client.executeMultiple(sql) }, this.#options);
  }

  /** Rejects with `SYNC_NOT_SUPPORTED` where the database is not an embedded replica. */
  async sync(): Promise<Replicated> {
    if (this.protocol !== "file") {
      throw new LibsqlError(`sync not supported in ${this.protocol} mode`, "SYNC_NOT_SUPPORTED");
    }
    return this.#core.run({ run: (client) => client.sync() }, this.#options);
  }

  /** What happened in the pool since it began, or since `reconnect()`. */
  statistics(): KeepAliveStatistics {
    return this.pool.statistics();
  }

  /** See {@link KeepAlivePool.on}; lasts over `reconnect()`. */
  on<Name extends PoolEventName>(event: Name, listener: PoolEventListener<LibsqlConnection, Name>): this {
    this.#core.on(event, listener);
    return this;
  }

  /** Calls it no more. */
  off<Name extends PoolEventName>(event: Name, listener: PoolEventListener<LibsqlConnection, Name>): this {
    this.#core.off(event, listener);
    return this;
  }

  /**
   * Closes the client. What is under way ends with `CLIENT_CLOSED`, unless it is done within `timeout` (default 0: at once);
   * open transactions are rolled back. Resolves when no socket, timer or handle is left. Idempotent.
   */
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- who does not wait for it need not: it does not reject
  close(options: CloseOptions = {}): Promise<void> {
    return this.#core.close(options.timeout ?? 0);
  }

  /** Ends what is under way, and begins anew with new connections. Resolves when the old ones are closed. */
  // eslint-disable-next-line @typescript-eslint/no-misused-promises -- as close()
  reconnect(): Promise<void> {
    return this.#core.reconnect();
  }

  /** Closes when all that is under way is done, at the latest after `operationTimeout`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#core.close(this.#core.operationTimeout);
  }
}
