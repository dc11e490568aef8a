import { AbortListeners } from "../../core/abort-listeners.js";
import type { Milliseconds } from "../../core/duration.js";
import { pause } from "../../core/pause.js";
import type { Database } from "../../libsql/database.js";
import type { LibsqlConnection } from "../../libsql/libsql-connection.js";
import type { KeepAlivePoolOptions } from "../config.js";
import { KeepAlivePool } from "../keep-alive-pool.js";
import { clientClosed } from "./client-error.js";
import { Deadline } from "./deadline.js";
import type { CallOptions, ClientConfig } from "./options.js";
import { ReconnectGate } from "./reconnect-gate.js";
import { RetryBudget } from "./retry-budget.js";
import type { TransactionHold } from "./transaction-hold.js";

/** Everything that a client has between its opening and its closing: `reconnect()` begins another. */
export class Session {
  readonly pool: KeepAlivePool<LibsqlConnection>;
  readonly gate: ReconnectGate<LibsqlConnection>;
  readonly budget: RetryBudget;
  /** Transactions that are open, by their connections. */
  readonly holds = new Map<LibsqlConnection, TransactionHold>();
  /** When a statement was last answered. */
  heardAt: Milliseconds = -Infinity;
  readonly #underWay = new Set<Deadline>();
  readonly #listeners = new AbortListeners();
  readonly #config: ClientConfig;
  readonly #database: Database;
  #onIdle: (() => void) | undefined;
  #stopWaiting: (() => void) | undefined;
  readonly #quietOver = new AbortController();
  #closing: Promise<void> | undefined;
  #predecessor: Promise<void> = Promise.resolve();

  /** @throws {TursoPoolError} `INVALID_OPTION` */
  constructor(
    database: Database,
    options: Omit<KeepAlivePoolOptions<LibsqlConnection>, "open">,
    config: ClientConfig,
  ) {
    this.#database = database;
    this.#config = config;
    this.pool = new KeepAlivePool({ ...options, open: (signal) => this.#open(signal) });
    const { clock, random, maxConnections, healthCheckTimeout } = this.pool.pool.config;
    const { connect: open } = database;
    this.gate = new ReconnectGate({ clock, random, open, patience: healthCheckTimeout });
    this.budget = new RetryBudget(Math.max(10, maxConnections));
    if (config.reclaimLeaks)
      this.pool.on("leakSuspected", ({ connection }) => this.holds.get(connection)?.reclaim());
  }

  get protocol(): string {
    return this.#database.protocol;
  }

  get #isLocal(): boolean {
    return this.protocol === "file";
  }

  /** Whether another connection can be had without waiting for one to come back. */
  get hasRoom(): boolean {
    return this.pool.statistics().activeConnections < this.pool.pool.config.maxConnections;
  }

  now(): Milliseconds {
    return this.pool.pool.config.clock.now();
  }

  /** How long somebody looks for a connection. */
  get connectionTimeout(): Milliseconds {
    return this.pool.pool.config.connectionTimeout;
  }

  /** A statement was answered. */
  heard(): void {
    this.heardAt = this.now();
  }

  /** A connection failed while it was in use: others may have, too. */
  suspect(): void {
    this.gate.lost();
    this.pool.pool.doubt();
  }

  /** The deadline of a call that begins now. */
  begin({ signal, operationTimeout = this.#config.operationTimeout }: CallOptions): Deadline {
    const deadline = new Deadline({
      clock: this.pool.pool.config.clock,
      timeout: operationTimeout,
      slowAfter: this.#isLocal ? Infinity : Math.min(operationTimeout / 2, this.pool.config.pingTimeout),
      signal,
      listeners: this.#listeners,
      done: (ended) => {
        this.#underWay.delete(ended);
        this.#onIdle?.();
      },
    });
    this.#underWay.add(deadline);
    return deadline;
  }

  transactionEnded(connection: LibsqlConnection): void {
    this.holds.delete(connection);
    this.#onIdle?.();
  }

  /**
   * Waits up to `patience` for calls and transactions that are under way, ends the others, and closes all connections.
   * A transaction that nobody has a call in is rolled back in good order. When it is called again, who has the least
   * patience decides.
   */
  close(patience: Milliseconds): Promise<void> {
    if (this.#closing === undefined) this.#closing = this.#close(patience);
    else this.#waitNoLongerThan(patience);
    return this.#closing;
  }

  /** Opens no connection before the session that was there before has closed its own. */
  follow(predecessor: Promise<void>): void {
    this.#predecessor = predecessor;
  }

  async #close(patience: Milliseconds): Promise<void> {
    if (patience > 0) await this.#quiet(patience);
    for (const deadline of [...this.#underWay]) deadline.end(clientClosed("unknown"));
    const rolledBack = [...this.holds.values()].map((hold) => hold.clientClosed());
    if (rolledBack.length > 0) await this.lastWords(Promise.allSettled(rolledBack));
    await this.pool.close({ timeout: 0 });
    await this.#database.close();
  }

  /** Waits a moment for what a transaction has to say before its connection goes; false when that was not enough. */
  async lastWords(answer: Promise<unknown>): Promise<boolean> {
    const enough = new AbortController();
    const said = answer.then(
      () => true,
      () => true,
    );
    const late = pause(this.pool.pool.config.clock, LAST_WORDS, enough.signal).then(() => false);
    const answered = await Promise.race([said, late]);
    enough.abort();
    return answered;
  }

  /**
   * Whether open transactions have all connections of a local database, and none of them is about to end: they would be
   * waited for in vain, as whoever has to end one may be the caller.
   */
  get isTakenByTransactions(): boolean {
    if (this.protocol !== "file" || this.holds.size < this.pool.pool.config.maxConnections) return false;
    return ![...this.holds.values()].some((hold) => hold.isAtWork);
  }

  /** Resolves when no call and no transaction is under way, or when patience is over. */
  async #quiet(patience: Milliseconds): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#stopWaiting = resolve;
      this.#onIdle = () => {
        if (this.#underWay.size === 0 && this.holds.size === 0) resolve();
      };
      this.#onIdle();
      this.#waitNoLongerThan(patience);
    });
    this.#quietOver.abort();
    this.#onIdle = undefined;
  }

  #waitNoLongerThan(patience: Milliseconds): void {
    const over = pause(this.pool.pool.config.clock, patience, this.#quietOver.signal);
    void over.then(() => this.#stopWaiting?.());
  }

  async #open(signal: AbortSignal): Promise<LibsqlConnection> {
    // Also: the pool asks for its first connections while it is being made, before there is a gate.
    await this.#predecessor;
    const connection = await this.gate.open(signal);
    // Whoever is at work keeps the process alive, not a connection that waits for work.
    connection.keepsProcessAlive(false);
    connection.onClose(() => this.holds.get(connection)?.connectionLost());
    return connection;
  }
}

/** How long a closing client waits for its transactions to be rolled back. */
const LAST_WORDS = 1_000;
