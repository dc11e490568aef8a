import { LibsqlError, type Transaction, type TransactionMode } from "@libsql/core/api";
import type { Milliseconds } from "../../core/duration.js";
import { invalidOption } from "../../core/errors.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import type { PoolEventListener, PoolEventName } from "../events.js";
import type { KeepAlivePool } from "../keep-alive-pool.js";
import { Attempts } from "./attempts.js";
import { clientClosed } from "./client-error.js";
import type { Operation } from "./operation.js";
import type { CallOptions, ClientConfig } from "./options.js";
import { PooledTransaction } from "./pooled-transaction.js";
import type { Session } from "./session.js";
import { TransactionHold } from "./transaction-hold.js";

export interface ClientCoreOptions {
  readonly config: ClientConfig;
  /** Whether another connection may have another token. */
  readonly rotates: boolean;
  readonly begin: () => Session;
}

type Listener = readonly [name: PoolEventName, listener: PoolEventListener<LibsqlConnection, PoolEventName>];

/** What all views of one client share: its session, and how calls are executed in it. */
export class ClientCore {
  readonly #options: ClientCoreOptions;
  readonly #listeners: Listener[] = [];
  /** Transactions that nobody can end any more give their connection back. */
  readonly #forgotten = new FinalizationRegistry<TransactionHold>((hold) => hold.reclaim());
  #session: Session;
  #closing: Promise<void> | undefined;

  constructor(options: ClientCoreOptions) {
    this.#options = options;
    this.#session = options.begin();
  }

  get protocol(): string {
    return this.#session.protocol;
  }

  get pool(): KeepAlivePool<LibsqlConnection> {
    return this.#session.pool;
  }

  get closed(): boolean {
    return this.#closing !== undefined;
  }

  get operationTimeout(): Milliseconds {
    return this.#options.config.operationTimeout;
  }

  async run<T>(operation: Operation<T>, options: CallOptions): Promise<T> {
    if (this.closed) throw clientClosed("not executed");
    const session = this.#session;
    if (session.isTakenByTransactions) throw transactionActive(session.pool.pool.config.maxConnections);
    const { config, rotates } = this.#options;
    using deadline = session.begin(options);
    const { maxRetries } = config;
    const idempotent = options.idempotent === true && operation.abandon === undefined;
    return await new Attempts(operation, { session, deadline, maxRetries, idempotent, rotates }).run();
  }

  async transaction(mode: TransactionMode, options: CallOptions): Promise<Transaction> {
    const openedAt = new Error("The transaction was opened here");
    const session = this.#session;
    const hold = await this.run<TransactionHold>(
      {
        abandon: (late) => late.close(),
        run: async (client, lease) => {
          const { connection } = lease;
          const transaction = await client.transaction(mode);
          const opened: TransactionHold = new TransactionHold({
            transaction,
            lease,
            openedAt,
            lastWords: (answer) => session.lastWords(answer),
            ended: () => {
              this.#forgotten.unregister(opened);
              session.transactionEnded(connection);
            },
            answered: () => session.heard(),
            failed: () => session.suspect(),
          });
          session.holds.set(connection, opened);
          return opened;
        },
      },
      options,
    );
    const pooled = new PooledTransaction(hold, () => session.begin(options));
    // While it is registered it stays in memory, and what its errors have seen, which may be the transaction itself.
    if (!hold.closed) this.#forgotten.register(pooled, hold, hold);
    return pooled;
  }

  on<Name extends PoolEventName>(name: Name, listener: PoolEventListener<LibsqlConnection, Name>): void {
    this.pool.on(name, listener);
    this.#listeners.push([name, listener as Listener[1]]);
  }

  off<Name extends PoolEventName>(name: Name, listener: PoolEventListener<LibsqlConnection, Name>): void {
    this.pool.off(name, listener);
    const at = this.#listeners.findIndex(([known, told]) => known === name && told === listener);
    if (at !== -1) this.#listeners.splice(at, 1);
  }

  async close(patience: Milliseconds): Promise<void> {
    if (!(patience >= 0)) throw invalidOption("timeout", patience, "a number of milliseconds from 0");
    this.#closing = this.#session.close(patience);
    await this.#closing;
  }

  async reconnect(): Promise<void> {
    const closing = this.#session.close(0);
    // In case that there can be no other.
    this.#closing = closing;
    this.#session = this.#options.begin();
    this.#session.follow(closing);
    for (const [name, listener] of this.#listeners) this.#session.pool.on(name, listener);
    this.#closing = undefined;
    await closing;
  }
}

/** As `@libsql/client` says it. */
function transactionActive(connections: number): LibsqlError {
  const held = connections === 1 ? "The only connection is" : `All ${connections} connections are`;
  return new LibsqlError(
    `${held} held by open transactions: commit or roll one back first, or raise maxConnections`,
    "TRANSACTION_ACTIVE",
  );
}
