import { once } from "node:events";
import { lstatSync, unlinkSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { platform } from "node:os";
import { connect, isIPv6, type AddressInfo } from "node:net";
import type { Milliseconds } from "../core/duration.js";
import { invalidOption, TursoPoolError } from "../core/errors.js";
import type { Connection } from "../libsql/connection.js";
import type { AnyPool, SnapshotOptions } from "./snapshot.js";
import { statisticsHandler } from "./statistics-handler.js";

/** Where to serve statistics: exactly one of `port` and `socketPath`. */
export interface ServeStatisticsOptions extends SnapshotOptions {
  /** 0 is any free one. */
  readonly port?: number | undefined;
  /** The address that the port is on. Default `127.0.0.1`: for programs of this machine only. */
  readonly host?: string | undefined;
  /** The file of a Unix domain socket, which is made, and removed in the end. */
  readonly socketPath?: string | undefined;
}

export interface StatisticsServer extends AsyncDisposable {
  /** A URL, or the path of the socket: what `turso-pool stats --attach` takes. */
  readonly address: string;
  /** Ends the server and every connection to it; afterwards nothing is left. Idempotent. */
  close(): Promise<void>;
}

/** How long a client may take to ask, to read what it is told, or to ask again. */
const PATIENCE: Milliseconds = 5_000;
/** Beyond so many at one time, further ones are closed at once: the application's file descriptors are its own. */
const MAX_CONNECTIONS = 64;

/**
 * Serves a pool's statistics over HTTP: `/metrics` in OpenMetrics (see {@link toPrometheus}), and `/statistics.json`
 * (see {@link PoolSnapshot}). It does not keep the process alive, and is to be closed apart from the pool.
 *
 * @throws {TursoPoolError} `INVALID_OPTION`; `SERVER_START_FAILED` when it cannot listen there.
 */
export async function serveStatistics<C extends Connection>(
  pool: AnyPool<C>,
  options: ServeStatisticsOptions,
): Promise<StatisticsServer> {
  const place = placeOf(options);
  const server = createServer({
    headersTimeout: PATIENCE,
    requestTimeout: PATIENCE,
    keepAliveTimeout: PATIENCE,
    connectionsCheckingInterval: PATIENCE / 5,
  });
  server.setTimeout(PATIENCE);
  server.maxConnections = MAX_CONNECTIONS;
  server.unref();
  server.on("connection", (socket) => socket.unref());
  try {
    await (typeof place === "string" ? listenOnFile(server, place) : listen(server, place));
  } catch (error) {
    throw cannotListen(place, error);
  }
  // Such as a connection that cannot be accepted for want of file descriptors: the application has other worries then.
  server.on("error", () => undefined);
  const bound = typeof place === "string" ? place : (server.address() as AddressInfo);
  server.on(
    "request",
    statisticsHandler(pool, options, typeof bound === "string" ? undefined : bound.address),
  );

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closed ??= new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }));
  return { address: addressOf(bound), close, [Symbol.asyncDispose]: close };
}

/** Of a Unix domain socket; Node cuts off what is longer. */
const LONGEST_PATH = platform() === "darwin" ? 103 : 107;

interface Port {
  readonly host: string;
  readonly port: number;
}

/** The file of a socket, or a port. */
function placeOf({ port, host, socketPath }: ServeStatisticsOptions): string | Port {
  if (socketPath !== undefined) {
    if (port !== undefined) throw invalidOption("port", port, "needed beside socketPath: give one of them");
    if (host !== undefined) throw invalidOption("host", host, "needed beside socketPath: it goes with port");
    if (typeof socketPath !== "string" || socketPath === "")
      throw invalidOption("socketPath", socketPath, "the path of a file");
    if (Buffer.byteLength(socketPath) > LONGEST_PATH) {
      throw invalidOption("socketPath", socketPath, `a path of at most ${LONGEST_PATH} bytes`);
    }
    return socketPath;
  }
  if (port === undefined || !Number.isInteger(port) || port < 0 || port > 65_535)
    throw invalidOption("port", port, "a whole number from 0 to 65535 (or give socketPath)");
  if (host === "") throw invalidOption("host", host, "an address of this machine");
  return { host: host ?? "127.0.0.1", port };
}

async function listen(server: Server, where: Port | { readonly path: string }): Promise<void> {
  const listening = once(server, "listening");
  server.listen(where);
  await listening;
}

/** A process that was killed leaves its socket's file behind, and nobody else can listen on it. */
async function listenOnFile(server: Server, path: string): Promise<void> {
  try {
    await listen(server, { path });
  } catch (error) {
    if (codeOf(error) !== "EADDRINUSE" || !(await removeAbandoned(path))) throw error;
    await listen(server, { path });
  }
}

async function removeAbandoned(path: string): Promise<boolean> {
  const found = fileAt(path);
  const socket = connect(path);
  try {
    await once(socket, "connect");
    return false;
  } catch (error) {
    if (found === undefined) return true;
    if (codeOf(error) !== "ECONNREFUSED" || !found.isSocket()) return false;
    // Another process may have found it abandoned, too, and listen there by now.
    if (fileAt(path)?.ctimeMs === found.ctimeMs) unlinkSync(path);
    return true;
  } finally {
    socket.destroy();
  }
}

const fileAt = (path: string) => lstatSync(path, { throwIfNoEntry: false });

function cannotListen(place: string | Port, error: unknown): TursoPoolError {
  const where = typeof place === "string" ? place : `${place.host}:${place.port}`;
  const inUse = codeOf(error) === "EADDRINUSE";
  const reason = inUse ? "it is in use" : error instanceof Error ? error.message : String(error);
  return new TursoPoolError("SERVER_START_FAILED", `cannot serve statistics on ${where}: ${reason}`, {
    hint: inUse
      ? "Stop the program that uses it, or choose another; port 0 is any free one."
      : "Choose an address and a port, or a file, that this program may listen on.",
    cause: error,
  });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

function addressOf(bound: AddressInfo | string): string {
  if (typeof bound === "string") return bound;
  const { address, port } = bound;
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
