import type { Config, IntMode } from "@libsql/client";
import type { Connection } from "./connection.js";
import type { DialOptions } from "./dial.js";
import type { Handshake } from "./handshake.js";

/** A {@link Connection} to a libSQL database, with the account of how it was opened. */
export interface LibsqlConnection extends Connection {
  readonly handshake: Handshake;
  /**
   * Bytes that were given to the wire; `undefined` without one. What was asked while it did not grow was surely not sent.
   */
  readonly bytesSent: number | undefined;
  /**
   * Whether a statement only reads, by the engine's own word (`sqlite3_stmt_readonly`, Hrana's `describe`).
   * Rejects with what the server says of it, or with the transport's error. Never true of a local database.
   */
  isReadOnly(sql: string): Promise<boolean>;
  /** Whether the process has to stay alive for this connection. */
  keepsProcessAlive(value: boolean): unknown;
}

export interface ConnectionOptions extends DialOptions {
  /** What SQL integers become, as in `@libsql/client`. Default `"number"`. */
  readonly intMode?: IntMode | undefined;
  /**
   * Over HTTP, leave before the server closes an idle connection, where it says when (`Keep-Alive: timeout=`).
   * Default true; without it, the server's own limit can be seen.
   */
  readonly heedKeepAliveHint?: boolean | undefined;
  /** Over HTTP, the key that Turso Cloud encrypts the database with. */
  readonly remoteEncryptionKey?: string | undefined;
  /** Over HTTP, sends the requests, as in `@libsql/client`. The connection then has no socket of its own. */
  readonly fetch?: ((request: Request) => Promise<Response>) | undefined;
  /** What only a database in a file takes, as in `@libsql/client`. */
  readonly local?: LocalOptions | undefined;
}

/** Options of `@libsql/client` for databases in files and their replicas. */
export type LocalOptions = Pick<
  Config,
  "encryptionKey" | "syncUrl" | "syncInterval" | "readYourWrites" | "offline" | "timeout" | "authToken"
>;
