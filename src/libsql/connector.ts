import type { Connect } from "./connection.js";
import { openFileConnection } from "./file-connection.js";
import { openFetchConnection } from "./fetch-connection.js";
import { openHttpConnection } from "./http-connection.js";
import type { ConnectionOptions, LibsqlConnection } from "./libsql-connection.js";
import { checkToken, parseTarget, type Target } from "./target.js";
import { TokenSource, type TokenProvider } from "./token-source.js";
import { openWsConnection } from "./ws-connection.js";

export interface ConnectorOptions extends ConnectionOptions {
  /** `libsql:`, `https:`, `http:`, `wss:`, `ws:`, `file:` or `:memory:`, as for `createClient()`. */
  readonly url: string;
  /** A token, or a function that is asked for one before each connection. One in the URL wins. */
  readonly authToken?: string | TokenProvider | undefined;
  /** As for `createClient()`: whether a `libsql:` URL has TLS. */
  readonly tls?: boolean | undefined;
  /** Told when `authToken` gave another token than before: connections that are open have the old one. */
  readonly onTokenRotated?: (() => void) | undefined;
}

/**
 * Makes the `open` function of a pool: every call opens a new connection with a transport of its own.
 *
 * ```ts
 * const pool = new KeepAlivePool({ open: connector({ url: "libsql://name.turso.io", authToken }) });
 * ```
 * @throws {TursoPoolError} `INVALID_URL`, or `INVALID_OPTION` for a token that cannot be one. The function it returns rejects with `UNREACHABLE`,
 * `CONNECT_TIMEOUT`, `TLS_FAILED`, or `AUTH_REJECTED` or `SERVER_ERROR` where the server refuses the upgrade; a token that
 * it refuses later shows at the first statement.
 */
export function connector(options: ConnectorOptions): Connect<LibsqlConnection> {
  const { url, authToken, tls } = options;
  if (typeof authToken !== "function") return connectTo(parseTarget(url, authToken, tls), options);
  const target = parseTarget(url, undefined, tls);
  if (target.kind === "local" || target.authToken !== undefined) return connectTo(target, options);
  const tokens = new TokenSource(authToken, options.onTokenRotated ?? (() => undefined));
  return async (signal) => {
    const token = checkToken(await tokens.next(signal));
    return connectTo({ ...target, authToken: token }, options)(signal);
  };
}

/** As {@link connector}, for a target that was parsed before. */
export function connectTo(target: Target, options: ConnectionOptions = {}): Connect<LibsqlConnection> {
  const { fetch } = options;
  switch (target.transport) {
    case "http":
      return fetch === undefined
        ? (signal) => openHttpConnection(target, options, signal)
        : () => openFetchConnection(target, { ...options, fetch });
    case "ws":
      return (signal) => openWsConnection(target, options, signal);
    case "file":
    case "memory":
      return async () => openFileConnection(target, options);
  }
}
