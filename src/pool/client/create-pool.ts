import type { KeepAlivePoolOptions } from "../config.js";
import type { Milliseconds } from "../../core/duration.js";
import { database } from "../../libsql/database.js";
import type { ConnectionOptions } from "../../libsql/libsql-connection.js";
import { ClientCore } from "./client-core.js";
import { resolveClient, type PooledClientOptions } from "./options.js";
import { PooledClient } from "./pooled-client.js";
import { Session } from "./session.js";

/** What a local database needs of a pool: its handles are not lost on the way, and may be all that there is of it. */
const LOCAL = {
  enableKeepalive: false,
  enableHealthCheck: false,
  idleTimeout: Infinity,
  maxLifetime: Infinity,
} as const;

/** Shorter than the guide's 30 s and 60 s, because this has to do well where nothing was measured: see docs/decisions. */
const KEEP_ALIVE: Milliseconds = 10_000;

/** Interval and threshold; where one of them is given, the other agrees with it. */
function remote({ keepAliveInterval, staleThreshold }: PooledClientOptions) {
  return {
    keepAliveInterval: Math.min(KEEP_ALIVE, staleThreshold ?? KEEP_ALIVE),
    staleThreshold: Math.max(KEEP_ALIVE, keepAliveInterval ?? KEEP_ALIVE),
  };
}

/**
 * A client of `@libsql/client`, whose every call goes over a connection of a keep-alive pool:
 *
 * ```ts
 * const client = createPool({ url: "libsql://name.turso.io", authToken });
 * await client.execute("SELECT 1");
 * await client.close();
 * ```
 * Takes what `createClient()` takes, and the options of the pool. Nothing hangs (see `operationTimeout`), nothing is sent twice
 * that may have been executed, unless it only reads, and a transaction that is lost says so.
 *
 * @throws {LibsqlError} for a URL that is no database's, with the codes of `createClient()`
 * @throws {TursoPoolError} `INVALID_OPTION`
 */
export function createPool(options: PooledClientOptions): PooledClient {
  const config = resolveClient(options);
  const { tls, intMode, ca, via, sockets, remoteEncryptionKey, concurrency, fetch } = options;
  // Who reads it from somewhere may have `null`.
  const authToken = options.authToken ?? undefined;
  // `createClient()` takes a `URL`, too, though its types do not say so.
  const given: { readonly url: unknown } = options;
  const url = String(given.url);
  const { encryptionKey, syncUrl, syncInterval, readYourWrites, offline, timeout } = options;
  const local = { encryptionKey, syncUrl, syncInterval, readYourWrites, offline, timeout };
  const begin = (): Session => {
    const target = database({
      url,
      authToken,
      tls,
      intMode,
      ca,
      via,
      sockets,
      remoteEncryptionKey,
      fetch: fetch as ConnectionOptions["fetch"],
      local: defined({ ...local, authToken: typeof authToken === "string" ? authToken : undefined }),
      onTokenRotated: () => session.pool.retire(),
    });
    const isLocal = target.protocol === "file";
    const maxConnections = Math.min(
      // As `createClient()`, which takes 0 for its default of 20.
      options.maxConnections ?? (concurrency === undefined ? 10 : concurrency || 20),
      target.maxConnections,
    );
    const minConnections =
      target.maxConnections === 1 ? Math.min(1, options.minConnections ?? 1) : options.minConnections;
    const session: Session = new Session(
      target,
      {
        ...(isLocal ? LOCAL : remote(options)),
        leakThreshold: 60_000,
        ...poolOptions(options),
        maxConnections,
        ...(minConnections === undefined ? {} : { minConnections }),
      },
      config,
    );
    return session;
  };
  const rotates = typeof authToken === "function";
  return new PooledClient(new ClientCore({ config, rotates, begin }));
}

/** The options that are the pool's, by name: it shows what it is given, so there must not be a secret among it. */
const POOL_OPTIONS = [
  "connectionTimeout",
  "maxWaiters",
  "enableHealthCheck",
  "healthCheckTimeout",
  "maxLifetime",
  "idleTimeout",
  "leakThreshold",
  "enablePooling",
  "name",
  "clock",
  "random",
  "enableKeepalive",
  "keepAliveInterval",
  "staleThreshold",
  "enableProactivePing",
  "pingTimeout",
] as const satisfies (keyof KeepAlivePoolOptions)[];

function poolOptions(options: PooledClientOptions): Omit<KeepAlivePoolOptions, "open"> {
  return defined(Object.fromEntries(POOL_OPTIONS.map((name) => [name, options[name]])));
}

/** Without what is `undefined`, which would stand in the way of a default. */
function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never;
}
