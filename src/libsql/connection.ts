import type { Client } from "@libsql/client";

/**
 * One `@libsql/client` client that owns exactly one transport: its own socket (http, ws) or its own
 * database handle (file). It never reconnects: once its transport is gone, so is the connection.
 */
export interface Connection {
  readonly client: Client;
  /**
   * What it talks over: the socket, where there is one. A ping that comes back with another one did not keep
   * this connection alive. Left out, that is not checked.
   */
  readonly socket?: object | undefined;
  /** False once the transport was closed, by whichever side. */
  readonly open: boolean;
  /**
   * Sends one `SELECT 1` over this connection's own transport and waits for the answer.
   * Rejects with the database's or the transport's error, or with the signal's reason.
   */
  ping(signal: AbortSignal): Promise<void>;
  /** Calls `listener` once when the transport closes, at once when it is closed already. */
  onClose(listener: () => void): void;
  /** Closes the transport without waiting for a reply of the other side. Idempotent; never rejects. */
  close(): Promise<void>;
}

/** Opens a connection. Rejects with the signal's reason soon after it aborts. */
export type Connect<C extends Connection = Connection> = (signal: AbortSignal) => Promise<C>;
