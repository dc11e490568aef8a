import { LibsqlError, type Client, type ResultSet, type Transaction } from "@libsql/core/api";
import type { Clock } from "../../src/core/clock.js";
import { pause } from "../../src/core/pause.js";
import type { Database } from "../../src/libsql/database.js";
import type { LibsqlConnection } from "../../src/libsql/libsql-connection.js";
import { statementError } from "../../src/libsql/connection-errors.js";
import { Refusal } from "../../src/libsql/refusal.js";
import { behave, type Behaviour } from "./fake-connections.js";

/**
 * What becomes of one statement. `unsent`: the connection is lost before anything went out; `lost-before`: it goes out and
 * is not executed; `lost-after`: it is executed, and the answer lost; `hang`: executed, and never answered; `busy`: refused
 * with 429 and `Retry-After: 1`; `slow`: executed, and answered after 4 s; `broken`: executed or not, answered with 500; `refused-token`; `sql`: the engine says no.
 */
export type Fate =
  | "answer"
  | "unsent"
  | "lost-before"
  | "lost-after"
  | "hang"
  | "hang-unexecuted"
  | "slow"
  | "busy"
  | "broken"
  | "refused-token"
  | "sql";

/** A database that does with each statement what a test wants, and knows what it has executed. */
export class FakeLibsql implements Database {
  protocol: "ws" | "http" | "file" = "ws";
  readonly display = "ws://fake";
  readonly maxConnections = Infinity;
  readonly clock: Clock;
  /** What becomes of the next statements, in the order in which they come; then `fate`. */
  fates: Fate[] = [];
  fate: Fate = "answer";
  /** What becomes of pings. */
  pings: Fate = "answer";
  opens: Behaviour = {};
  nextOpens: Behaviour[] = [];
  /** When each opening was asked for. */
  readonly openedAt: number[] = [];
  readonly connections: FakeLibsqlConnection[] = [];
  /** Statements that took effect. */
  readonly executed: string[] = [];
  /** Questions whether a statement only reads. */
  asked = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get open(): readonly FakeLibsqlConnection[] {
    return this.connections.filter(({ open }) => open);
  }

  readonly connect = async (signal: AbortSignal): Promise<LibsqlConnection> => {
    this.openedAt.push(this.clock.now());
    await behave(this.nextOpens.shift() ?? this.opens, this.clock, signal);
    const connection = new FakeLibsqlConnection(this);
    this.connections.push(connection);
    return connection;
  };

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** What cannot be parsed. */
export const UNPARSABLE = "SELEC 1";

const NOTHING = { rows: [], columns: [], columnTypes: [], rowsAffected: 0, lastInsertRowid: undefined };

export class FakeLibsqlConnection implements LibsqlConnection {
  readonly handshake = { dns: null, tcp: 0, tls: null, upgrade: null, file: null, total: 0 };
  readonly client: Client;
  readonly #database: FakeLibsql;
  readonly #listeners: (() => void)[] = [];
  readonly #gone = new AbortController();
  bytesSent = 0;
  keptAlive = false;
  transactions = 0;

  constructor(database: FakeLibsql) {
    this.#database = database;
    this.client = {
      execute: async (statement: string | { sql: string }) => this.statement(textOf(statement)),
      batch: async (statements: (string | { sql: string })[]) => [
        await this.statement(statements.map(textOf).join("; ")),
      ],
      executeMultiple: (sql: string) => this.statement(sql),
      migrate: async (statements: string[]) => [await this.statement(statements.join("; "))],
      transaction: () => Promise.resolve(new FakeTransaction(this, database)),
    } as unknown as Client;
  }

  get open(): boolean {
    return !this.#gone.signal.aborted;
  }

  keepsProcessAlive(value: boolean): void {
    this.keptAlive = value;
  }

  async isReadOnly(sql: string): Promise<boolean> {
    this.#database.asked++;
    await this.statement("", "answer");
    return /^SELECT/i.test(sql);
  }

  /** Lets a statement come, and says what became of it; `store` has it if it was executed. */
  async statement(sql: string, fate = this.#nextFate(), store = this.#database.executed): Promise<ResultSet> {
    if (!this.open) throw lost();
    if (fate === "unsent") return this.drop();
    this.bytesSent += 100;
    // Somebody may give up in between.
    await Promise.resolve();
    if (["answer", "lost-after", "hang", "broken", "slow"].includes(fate) && sql !== "") store.push(sql);
    switch (fate) {
      case "answer":
        return NOTHING as unknown as ResultSet;
      case "lost-before":
      case "lost-after":
        return this.drop();
      case "hang":
      case "hang-unexecuted":
        return new Promise((_, reject) => this.#gone.signal.addEventListener("abort", () => reject(lost())));
      case "slow":
        await pause(this.#database.clock, 4_000, this.#gone.signal);
        if (this.#gone.signal.aborted) throw lost();
        return NOTHING as unknown as ResultSet;
      case "busy":
        throw new LibsqlError("try later", "SERVER_ERROR", undefined, undefined, new Refusal(429, 1_000));
      case "broken":
        throw new LibsqlError("oh no", "SERVER_ERROR", undefined, undefined, new Refusal(500, undefined));
      case "refused-token":
        throw new LibsqlError("expired", "AUTH_JWT_EXPIRED");
      case "sql":
        throw new LibsqlError("no such table", "SQLITE_ERROR");
    }
  }

  drop(): never {
    this.#gone.abort();
    for (const listener of this.#listeners.splice(0)) listener();
    throw lost();
  }

  async ping(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason as Error)),
    );
    const answered = this.statement("", this.#database.pings).catch((cause: unknown) => {
      throw statementError(this.#database.display, cause);
    });
    await Promise.race([answered, aborted]);
  }

  onClose(listener: () => void): void {
    if (this.open) this.#listeners.push(listener);
    else listener();
  }

  close(): Promise<void> {
    try {
      if (this.open) this.drop();
    } catch {
      // Whoever closes it knows.
    }
    return Promise.resolve();
  }

  #nextFate(): Fate {
    return this.#database.fates.shift() ?? this.#database.fate;
  }
}

/** As over Hrana 2: it begins with its first statement, and what comes after its end runs in autocommit. */
class FakeTransaction implements Transaction {
  readonly #connection: FakeLibsqlConnection;
  readonly #database: FakeLibsql;
  #written: string[] | undefined = [];
  closed = false;

  constructor(connection: FakeLibsqlConnection, database: FakeLibsql) {
    this.#connection = connection;
    this.#database = database;
  }

  async execute(statement: string | { sql: string }): Promise<ResultSet> {
    const sql = textOf(statement);
    if (sql === "BEGIN") {
      await this.#connection.statement("", "answer");
      if (this.#written)
        throw new LibsqlError("cannot start a transaction within a transaction", "SQLITE_ERROR");
      return NOTHING as unknown as ResultSet;
    }
    if (sql === UNPARSABLE) {
      // sqld refuses the whole batch, and with it the BEGIN that comes with a first statement; its client closes then.
      if (this.#written?.length === 0) this.close();
      return this.#connection.statement(sql, "sql");
    }
    const store = this.#written ?? this.#database.executed;
    const fate = sql.includes("OR ROLLBACK") ? "sql" : undefined;
    if (fate) this.#written = undefined;
    return this.#connection.statement(this.#written ? sql : `autocommit: ${sql}`, fate, store);
  }

  async batch(statements: (string | { sql: string })[]): Promise<ResultSet[]> {
    return [await this.execute(statements.map(textOf).join("; "))];
  }

  async executeMultiple(sql: string): Promise<void> {
    await this.execute(sql);
  }

  async commit(): Promise<void> {
    this.closed = true;
    const written = this.#written?.splice(0) ?? [];
    const done: string[] = [];
    try {
      await this.#connection.statement("COMMIT", undefined, done);
    } finally {
      if (done.length > 0) this.#database.executed.push(...written);
    }
  }

  async rollback(): Promise<void> {
    this.closed = true;
    this.#written = undefined;
    await this.#connection.statement("", "answer");
  }

  close(): void {
    this.closed = true;
    this.#written = undefined;
  }
}

function textOf(statement: string | { sql: string }): string {
  return typeof statement === "string" ? statement : statement.sql;
}

function lost(): LibsqlError {
  return new LibsqlError("WebSocket was closed", "HRANA_WEBSOCKET_ERROR");
}
