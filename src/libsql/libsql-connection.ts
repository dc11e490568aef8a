import type { IntMode } from "@libsql/client";
import type { Connection } from "./connection.js";
import type { DialOptions } from "./dial.js";
import type { Handshake } from "./handshake.js";

/** A {@link Connection} to a libSQL database, with the account of how it was opened. */
export interface LibsqlConnection extends Connection {
  readonly handshake: Handshake;
}

export interface ConnectionOptions extends DialOptions {
  /** What SQL integers become, as in `@libsql/client`. Default `"number"`. */
  readonly intMode?: IntMode | undefined;
  /**
   * Over HTTP, leave before the server closes an idle connection, where it says when (`Keep-Alive: timeout=`).
   * Default true; without it, the server's own limit can be seen.
   */
  readonly heedKeepAliveHint?: boolean | undefined;
}
