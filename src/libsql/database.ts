import { LibsqlError } from "@libsql/client";
import { expandConfig } from "@libsql/core/config";
import { encodeBaseUrl } from "@libsql/core/uri";
import { TursoPoolError } from "../core/errors.js";
import type { Connect } from "./connection.js";
import { connector, type ConnectorOptions } from "./connector.js";
import { openFileConnection } from "./file-connection.js";
import type { LibsqlConnection, LocalOptions } from "./libsql-connection.js";
import { redact, redactUrl } from "./redaction.js";
import { parseTarget, type LocalTarget, type Target } from "./target.js";

export interface DatabaseOptions extends ConnectorOptions {
  readonly local?: LocalOptions | undefined;
}

/** One database, by how to connect to it, without the URL and its secrets. */
export interface Database {
  /** What `Client.protocol` says. */
  readonly protocol: "http" | "ws" | "file";
  /** The URL to show: without secrets. */
  readonly display: string;
  /** How many connections can share the database; a database in memory belongs to the one that made it. */
  readonly maxConnections: number;
  readonly connect: Connect<LibsqlConnection>;
  /** Closes what was opened and not asked for. */
  close(): Promise<void>;
}

/**
 * The database of a configuration, as `createClient()` of `@libsql/client` takes it. A database in a file is opened
 * at once, so that whoever gives a wrong path is told, as there.
 * @throws {LibsqlError} with the codes of `createClient()`; no message has a secret
 * @throws {TursoPoolError} `INVALID_OPTION` for a token that cannot be one
 */
export function database(options: DatabaseOptions): Database {
  const target = checkedTarget(options);
  if (target.kind === "remote") {
    return {
      protocol: target.transport,
      display: target.display,
      maxConnections: Infinity,
      connect: connector(options),
      close: () => Promise.resolve(),
    };
  }
  return localDatabase(target, options);
}

function localDatabase(target: LocalTarget, options: DatabaseOptions): Database {
  let first: LibsqlConnection | undefined = open(target, options);
  const isReplica = options.local?.syncUrl !== undefined;
  return {
    protocol: "file",
    display: target.display,
    maxConnections: target.transport === "memory" || isReplica ? 1 : Infinity,
    connect: () => {
      const connection = first ?? open(target, options);
      first = undefined;
      return Promise.resolve(connection);
    },
    close: async () => first?.close(),
  };
}

function open(target: LocalTarget, options: DatabaseOptions): LibsqlConnection {
  try {
    return openFileConnection(target, options);
  } catch (error) {
    const { cause } = error as Error;
    if (cause instanceof LibsqlError) throw cause;
    const said = cause instanceof Error ? ` (${redact(cause.message)})` : "";
    throw new LibsqlError(
      `${(error as Error).message}${said}`,
      "SQLITE_CANTOPEN",
      undefined,
      14,
      error as Error,
    );
  }
}

/** As {@link parseTarget}, with the errors of `createClient()`. */
function checkedTarget(options: DatabaseOptions): Target {
  const { url, authToken, tls, intMode, local = {} } = options;
  try {
    const config = {
      url,
      ...(tls === undefined ? {} : { tls }),
      ...(intMode === undefined ? {} : { intMode }),
    };
    const { scheme, tls: wantsTls, authority, path } = expandConfig(config, true);
    if (scheme !== "file" && local.encryptionKey !== undefined) {
      throw new LibsqlError(
        "Encryption key is not supported by the remote client.",
        "ENCRYPTION_KEY_NOT_SUPPORTED",
      );
    }
    if (scheme !== "file") {
      if (wantsTls !== (scheme === "https" || scheme === "wss")) throw contradictsTls(scheme, wantsTls);
      if (authority === undefined) encodeBaseUrl(scheme, authority, path);
    }
    return parseTarget(url, typeof authToken === "string" ? authToken : undefined, tls);
  } catch (error) {
    if (error instanceof LibsqlError) {
      // The client's messages repeat the URL, token included, of which a part may have been taken for the fragment.
      const message = redact(redactUrl(error.message))
        .replace(`${error.code}: `, "")
        .replace(/(?<=^URL fragments are not supported).*$/s, "");
      throw new LibsqlError(message, error.code);
    }
    if (error instanceof TursoPoolError && error.code === "INVALID_URL") {
      throw new LibsqlError(error.message, "URL_INVALID");
    }
    throw error;
  }
}

function contradictsTls(scheme: string, wantsTls: boolean): LibsqlError {
  const how = wantsTls ? "into TLS by using ?tls=1" : "out of TLS by using ?tls=0";
  return new LibsqlError(`A "${scheme}:" URL cannot opt ${how}`, "URL_INVALID");
}
