import { LibsqlError } from "@libsql/client";
import { expandConfig, isInMemoryConfig } from "@libsql/core/config";
import { encodeBaseUrl } from "@libsql/core/uri";
import { TursoPoolError } from "../core/errors.js";
import { redact, redactUrl } from "./redaction.js";

/** A libSQL database reached over a network. */
export interface RemoteTarget {
  readonly kind: "remote";
  readonly transport: "http" | "ws";
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** Where requests go; carries no token. */
  readonly baseUrl: URL;
  readonly authToken: string | undefined;
  /** The URL to show: without its query, in which tokens are. */
  readonly display: string;
}

/** A database in a file of this machine, or in memory. */
export interface LocalTarget {
  readonly kind: "local";
  readonly transport: "file" | "memory";
  readonly url: string;
  /** The path of the file; `:memory:` for a database in memory. */
  readonly path: string;
  readonly display: string;
}

/** One libSQL database, by the way to reach it. */
export type Target = RemoteTarget | LocalTarget;

const DEFAULT_PORT = { http: 80, ws: 80, https: 443, wss: 443 } as const;

/**
 * Reads a database URL as `@libsql/client` does: `file:`, `:memory:`, `http(s):`, `ws(s):` and `libsql:`
 * (HTTPS, or HTTP with `?tls=0`), with `?authToken=`. A token in the URL wins over `authToken`.
 * @see https://github.com/tursodatabase/libsql-client-ts#supported-urls
 * @throws {TursoPoolError} `INVALID_URL`; the message names the URL without its secrets. `INVALID_OPTION` for a
 * token that cannot be one.
 */
export function parseTarget(url: string, authToken?: string, tls?: boolean): Target {
  const target = read(url, authToken, tls);
  if (target.kind === "remote") checkToken(target.authToken ?? "");
  return target;
}

/** @throws {TursoPoolError} `INVALID_OPTION` for what cannot be a token. */
export function checkToken(token: string): string {
  if (!/[^\x21-\x7e]/.test(token)) return token;
  // The token itself is not shown; the errors further down would.
  throw new TursoPoolError("INVALID_OPTION", "authToken: has a character that no token has", {
    hint: "Look for a line break or a space that was copied with the token.",
  });
}

function read(url: string, authToken: string | undefined, tls: boolean | undefined): Target {
  try {
    const config = expandConfig(
      { url, ...(authToken === undefined ? {} : { authToken }), ...(tls === undefined ? {} : { tls }) },
      true,
    );
    if (config.scheme === "file") {
      const memory = isInMemoryConfig(config);
      if (config.path === "") throw new TypeError("the path is missing");
      return {
        kind: "local",
        transport: memory ? "memory" : "file",
        url,
        path: config.path,
        display: withoutQuery(url),
      };
    }
    const transport = config.scheme === "ws" || config.scheme === "wss" ? "ws" : "http";
    const secure = config.scheme === "https" || config.scheme === "wss";
    if (config.tls !== secure) throw new TypeError(`?tls contradicts ${config.scheme}:`);
    const baseUrl = encodeBaseUrl(config.scheme, config.authority, config.path);
    if (config.authority?.userinfo !== undefined) {
      throw new TypeError("a user and password before the host are not supported; libSQL takes a token");
    }
    if (baseUrl.hostname === "") throw new TypeError("the host is missing");
    return {
      kind: "remote",
      transport,
      tls: secure,
      host: baseUrl.hostname.replace(/^\[(.*)\]$/, "$1"),
      port: baseUrl.port === "" ? DEFAULT_PORT[config.scheme] : Number(baseUrl.port),
      baseUrl,
      authToken: config.authToken,
      display: withoutQuery(url),
    };
  } catch (cause) {
    throw new TursoPoolError(
      "INVALID_URL",
      `${JSON.stringify(redact(redactUrl(url)))}: ${redact(reason(cause))}`,
      {
        hint: "Give a URL such as libsql://name.turso.io, ws://localhost:8080 or file:local.db.",
        // Without its cause, which may quote the URL with its token, and which loggers print.
      },
    );
  }
}

/** What was parsed and found good, so that a token can be in the query only, under whatever spelling of its name. */
function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, "");
}

function reason(cause: unknown): string {
  if (cause instanceof LibsqlError) {
    if (cause.code === "URL_SCHEME_NOT_SUPPORTED") {
      return "unknown scheme; use libsql:, https:, http:, wss:, ws:, file: or :memory:";
    }
    if (cause.code === "URL_PARAM_NOT_SUPPORTED") {
      return `${cause.message.replace(/^\w+: /, "")}; only tls and authToken are known`;
    }
    // The client's message repeats the whole URL, token included; ours has it already.
    if (cause.message.includes("is not in a valid format")) return "not a URL";
    return cause.message.replace(/^\w+: /, "").replace(/ For more information.*$/, "");
  }
  return cause instanceof Error ? cause.message : String(cause);
}
