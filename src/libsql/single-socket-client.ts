import {
  LibsqlError,
  type Client,
  type InArgs,
  type InStatement,
  type IntMode,
  type Replicated,
  type ResultSet,
  type Transaction,
  type TransactionMode,
} from "@libsql/client";
import { WsClient } from "@libsql/client/ws";
import * as hrana from "@libsql/hrana-client";

/**
 * A Hrana client that keeps no SQL texts on the server.
 *
 * `@libsql/client` stores up to 100 texts a wrapper, and {@link SingleSocketClient} wraps anew every
 * minute, so they would pile up on a socket that lives for hours. It stores them from version 2 on,
 * and uses the version for nothing else below 3.
 */
export class SingleSocketHrana extends hrana.WsClient {
  override async getVersion(): Promise<hrana.ProtocolVersion> {
    await super.getVersion();
    return 1;
  }
}

/** `@libsql/client` replaces its socket at the first statement after 60 s; a wrapper is dropped before. */
const WRAPPER_LIFETIME_MS = 50_000;

/**
 * `@libsql/client`'s WebSocket client, held to the one socket that it was given.
 *
 * The client itself opens another socket when its own is closed, or was opened more than 60 s ago. Both
 * would be a connection that nobody ordered, so a closed socket is an error here, and the wrapper, whose
 * birth is what the client takes for the age of its socket, is renewed in time over the same socket.
 * See docs/decisions/002-one-socket-per-connection.md.
 */
export class SingleSocketClient implements Client {
  readonly protocol = "ws";
  readonly #hrana: hrana.WsClient;
  readonly #url: URL;
  readonly #authToken: string | undefined;
  readonly #intMode: IntMode;
  #wrapper: WsClient;
  #wrappedAt: number;

  constructor(client: hrana.WsClient, url: URL, authToken: string | undefined, intMode: IntMode) {
    this.#hrana = client;
    this.#url = url;
    this.#authToken = authToken;
    this.#intMode = intMode;
    this.#wrapper = this.#wrap();
    this.#wrappedAt = Date.now();
  }

  get closed(): boolean {
    return this.#hrana.closed;
  }

  async execute(statement: InStatement | string, args?: InArgs): Promise<ResultSet> {
    return this.#current().execute(statement, args);
  }

  async batch(statements: (InStatement | [string, InArgs?])[], mode?: TransactionMode): Promise<ResultSet[]> {
    return this.#current().batch(statements, mode);
  }

  async migrate(statements: InStatement[]): Promise<ResultSet[]> {
    return this.#current().migrate(statements);
  }

  async transaction(mode?: TransactionMode): Promise<Transaction> {
    return this.#current().transaction(mode);
  }

  async executeMultiple(sql: string): Promise<void> {
    return this.#current().executeMultiple(sql);
  }

  sync(): Promise<Replicated> {
    return this.#wrapper.sync();
  }

  /** A connection ends with its socket: get another one from the pool. */
  reconnect(): never {
    throw new LibsqlError("This connection cannot reconnect: ask the pool for another", "CONNECTION_CLOSED");
  }

  close(): void {
    this.#hrana.close();
  }

  #current(): WsClient {
    if (this.#hrana.closed) throw new LibsqlError("its WebSocket is closed", "CONNECTION_CLOSED");
    // The client's own clock: after the machine slept, the monotonic one may be behind it.
    const now = Date.now();
    if (Math.abs(now - this.#wrappedAt) > WRAPPER_LIFETIME_MS) {
      this.#wrapper = this.#wrap();
      this.#wrappedAt = now;
    }
    return this.#wrapper;
  }

  #wrap(): WsClient {
    // Infinity: a queue in the client could start a statement after the socket has closed.
    return new WsClient(this.#hrana, this.#url, this.#authToken, this.#intMode, Infinity);
  }
}
