import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { realClock, type Clock } from "../core/clock.js";
import { isLoopback } from "../core/loopback.js";
import { type Authenticator, openToAll } from "./auth.js";
import type { ServerCertificate } from "./certificate.js";
import type { ServerConfig } from "./config.js";
import { HandlePool } from "./handle-pool.js";
import { HttpApi } from "./http-api.js";
import { HttpStreams } from "./http-streams.js";
import { type ServerMetrics, newMetrics } from "./metrics.js";
import { Pipelining } from "./pipelining.js";
import { SqlCache } from "./sql-cache.js";
import { StatementWork } from "./statement-work.js";
import type { StreamContext } from "./sql-stream.js";
import { WriteLock } from "./write-lock.js";
import { WsEndpoint } from "./ws-endpoint.js";

export interface LibsqlServerOptions {
  readonly config: ServerConfig;
  /** The database, which exists and is ready: see `prepareDatabase`. */
  readonly databaseFile: string;
  readonly authenticator?: Authenticator | undefined;
  /** Serves TLS when given. */
  readonly certificate?: ServerCertificate | undefined;
  readonly clock?: Clock | undefined;
}

/** Where a server listens; port 0 is any free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

/** How long a stream waits for a place, a writer for the lock, and an idle transaction is borne: sqld's. */
const OPEN_WAIT_MS = 1_000;
const BUSY_TIMEOUT_MS = 5_000;
const TRANSACTION_IDLE_MS = 5_000;
const TLS_HANDSHAKE_MS = 10_000;
const HEADERS_TIMEOUT_MS = 60_000;
const CHECK_REQUESTS_MS = 10_000;

/** A libSQL server in this process: Hrana over HTTP and WebSocket on one port. */
export class LibsqlServer {
  readonly #options: LibsqlServerOptions;
  readonly #metrics = newMetrics();
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #handles: HandlePool;
  readonly #work: StatementWork | undefined;
  readonly #streams: HttpStreams;
  readonly #webSockets: WsEndpoint;

  constructor(options: LibsqlServerOptions) {
    const { config, databaseFile, authenticator = openToAll, certificate, clock = realClock } = options;
    const metrics = this.#metrics;
    const cache = new SqlCache();
    this.#options = options;
    this.#handles = new HandlePool({
      file: databaseFile,
      maxInUse: config.limits.maxStreams,
      waitTimeout: OPEN_WAIT_MS,
      clock,
      metrics,
    });
    this.#work = config.work && new StatementWork(config.work, clock);
    const lock = new WriteLock({ clock, busyTimeout: BUSY_TIMEOUT_MS, idleTimeout: TRANSACTION_IDLE_MS });
    const context: StreamContext = {
      handles: this.#handles,
      lock,
      metrics,
      clock,
      busyTimeout: BUSY_TIMEOUT_MS,
      work: this.#work,
    };
    this.#streams = new HttpStreams({ context, clock, metrics, expiry: config.streamExpiryMs });
    const { maxBodyBytes, maxResultBytes } = config.limits;
    const isLocal = isLoopback(config.host);
    const api = new HttpApi({
      streams: this.#streams,
      authenticator,
      cache,
      metrics,
      clock,
      isLocal,
      maxBodyBytes,
      maxResultBytes,
    });
    this.#webSockets = new WsEndpoint({
      context,
      authenticator,
      cache,
      metrics,
      maxBodyBytes,
      maxResultBytes,
      idleTimeoutMs: config.idleTimeoutMs,
      isLocal,
    });
    const pipelining = new Pipelining();
    this.#server = makeServer(config, certificate, (request, response) => {
      if (pipelining.take(request, response)) void api.handle(request, response);
    });
    this.#configure();
  }

  /** Starts to accept connections. Rejects with what Node says, such as `EADDRINUSE`. */
  listen({ host, port }: Address = this.#options.config): Promise<Address> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host, port, backlog: 4_096 }, () => {
        this.#server.off("error", reject);
        this.#server.on("error", () => undefined);
        resolve({ host, port: (this.#server.address() as AddressInfo).port });
      });
    });
  }

  /** The counters as they stand. */
  metrics(): ServerMetrics {
    return { ...this.#metrics };
  }

  /** Closes every socket, stream and handle. Idempotent. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    this.#work?.close();
    await closed;
    await this.#webSockets.close();
    await this.#streams.close();
    this.#handles.close();
  }

  #configure(): void {
    const server = this.#server;
    const { httpKeepAliveMs, idleTimeoutMs = 0 } = this.#options.config;
    // Unless asked to, idle sockets are kept, and no hint tells clients otherwise: that is what this server is for.
    // Node takes this one in place of `timeout` once a request was answered.
    const isLonger = idleTimeoutMs > 0 && (httpKeepAliveMs ?? 0) > idleTimeoutMs;
    server.keepAliveTimeout = isLonger ? idleTimeoutMs : (httpKeepAliveMs ?? 0);
    if (server.keepAliveTimeout > 0)
      server.on("request", (request, response) => this.#closeInTime(request, response));
    server.timeout = idleTimeoutMs;
    server.on("connection", (socket: Socket) => this.#accept(socket));
    server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => refuseRequest(error, socket));
    server.on("tlsClientError", () => undefined);
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.#webSockets.upgrade(request, socket, head),
    );
  }

  /** Node would close idle sockets a second later than it tells clients; from version 24 on, that is an option. */
  #closeInTime({ socket }: IncomingMessage, response: ServerResponse): void {
    response.once("finish", () => socket.setTimeout(this.#server.keepAliveTimeout));
  }

  #accept(socket: Socket): void {
    socket.on("error", () => undefined);
    if (this.#sockets.size >= this.#options.config.limits.maxSockets) {
      this.#metrics.socketsRefused++;
      socket.destroy();
      return;
    }
    this.#metrics.socketsAccepted++;
    this.#metrics.socketsOpen++;
    this.#sockets.add(socket);
    socket.on("close", () => {
      this.#metrics.socketsOpen--;
      this.#sockets.delete(socket);
    });
  }
}

function makeServer(
  { limits: { maxRequestMs } }: ServerConfig,
  certificate: ServerCertificate | undefined,
  handler: Parameters<typeof createServer>[1],
): Server {
  const options = {
    noDelay: true,
    requestTimeout: maxRequestMs,
    headersTimeout: Math.min(HEADERS_TIMEOUT_MS, maxRequestMs),
    connectionsCheckingInterval: Math.min(CHECK_REQUESTS_MS, maxRequestMs),
  };
  if (!certificate) return createServer(options, handler);
  return createTlsServer(
    { ...certificate, ...options, minVersion: "TLSv1.2", handshakeTimeout: TLS_HANDSHAKE_MS },
    handler,
  );
}

const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** What is not HTTP is told so, and let go. */
function refuseRequest(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === "ECONNRESET" || !socket.writable) return void socket.destroy();
  const status = REFUSALS[error.code ?? ""] ?? "400 Bad Request";
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
