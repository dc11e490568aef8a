import { STATUS_CODES, type IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { Authenticator } from "./auth.js";
import type { ServerMetrics } from "./metrics.js";
import type { HranaVersion } from "./protocol.js";
import type { SqlCache } from "./sql-cache.js";
import type { StreamContext } from "./sql-stream.js";
import { WsSession } from "./ws-session.js";

export interface WsEndpointOptions {
  readonly context: StreamContext;
  readonly authenticator: Authenticator;
  readonly cache: SqlCache;
  readonly metrics: ServerMetrics;
  readonly maxBodyBytes: number;
  readonly maxResultBytes: number;
  readonly idleTimeoutMs: number | undefined;
}

/** Latest first: the server chooses the first that the client offers. */
const SUBPROTOCOLS: readonly (readonly [name: string, version: HranaVersion])[] = [
  ["hrana3", 3],
  ["hrana2", 2],
  ["hrana1", 1],
];
/** Beyond this many unanswered requests, or unsent bytes, a connection is not read from. */
const MAX_OUTSTANDING = 256;
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;
const BACKPRESSURE_POLL_MS = 10;
/** A close frame's reason has 123 bytes (RFC 6455, section 5.5). */
const MAX_REASON = 120;

/** Accepts WebSockets and runs a session on each. */
export class WsEndpoint {
  readonly #options: WsEndpointOptions;
  readonly #server: WebSocketServer;
  readonly #sessions = new Set<WsSession>();

  constructor(options: WsEndpointOptions) {
    this.#options = options;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxBodyBytes,
      handleProtocols: (offered) => choose([...offered])?.offered ?? false,
    });
    this.#server.on("wsClientError", (_error, socket) => socket.destroy());
  }

  /** Takes over a connection that asks to become a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => undefined);
    const path = (request.url ?? "/").replace(/\?.*$/s, "");
    if (path !== "/") return refuse(socket, 404, "");
    const header = request.headers["sec-websocket-protocol"];
    const chosen = header === undefined ? undefined : choose(header.split(",").map((name) => name.trim()));
    if (header !== undefined && !chosen) {
      const supported = SUBPROTOCOLS.map(([name]) => name).join(" ");
      return refuse(socket, 400, `Only these WebSocket subprotocols are supported: ${supported}`);
    }
    if (!(socket instanceof Socket)) return void socket.destroy();
    this.#server.handleUpgrade(request, socket, head, (ws) => this.#accept(ws, socket, chosen?.version ?? 1));
  }

  /** Ends all sessions; their sockets are closed by the server. */
  async close(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.end()));
  }

  #accept(ws: WebSocket, socket: Socket, version: HranaVersion): void {
    const { metrics, idleTimeoutMs, context, authenticator, cache, maxResultBytes } = this.#options;
    metrics.webSocketsAccepted++;
    metrics.webSocketsOpen++;
    if (idleTimeoutMs !== undefined) socket.setTimeout(idleTimeoutMs, () => socket.destroy());
    const session = new WsSession({
      peer: {
        send: (message) => {
          corkForThisTurn(socket);
          ws.send(message, ignoreError);
        },
        close: (code, reason) => ws.close(code, shorten(reason)),
      },
      version,
      authenticator,
      streams: context,
      cache,
      maxResultBytes,
    });
    this.#sessions.add(session);
    ws.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) return session.receiveBinary();
      session.receive(data.toString("utf8"));
      if (isLagging(ws, session)) holdBack(ws, session);
    });
    ws.on("error", () => undefined);
    ws.on("close", () => {
      metrics.webSocketsOpen--;
      void session.end().finally(() => this.#sessions.delete(session));
    });
  }
}

function choose(offered: readonly string[]): { offered: string; version: HranaVersion } | undefined {
  for (const [name, version] of SUBPROTOCOLS) {
    const match = offered.find((candidate) => candidate.toLowerCase() === name);
    if (match !== undefined) return { offered: match, version };
  }
  return undefined;
}

function refuse(socket: Duplex, status: number, body: string): void {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\nConnection: close\r\nContent-Type: text/plain\r\n`;
  socket.end(`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

/** Answers of one turn of the event loop leave in one packet: a client sends open, execute, close at once. */
function corkForThisTurn(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}

function isLagging(ws: WebSocket, session: WsSession): boolean {
  return session.outstanding > MAX_OUTSTANDING || ws.bufferedAmount > MAX_UNSENT_BYTES;
}

/** Stops reading until the client has taken its answers: TCP then slows it down. */
function holdBack(ws: WebSocket, session: WsSession): void {
  if (ws.isPaused) return;
  ws.pause();
  const look = (): void => {
    if (ws.readyState !== ws.OPEN) return ws.resume();
    if (isLagging(ws, session)) setTimeout(look, BACKPRESSURE_POLL_MS).unref();
    else ws.resume();
  };
  setTimeout(look, BACKPRESSURE_POLL_MS).unref();
}

function ignoreError(): void {
  // The connection's close is what tells; a send that fails before it has nobody to tell.
}

function shorten(reason: string): string {
  let text = reason;
  while (Buffer.byteLength(text) > MAX_REASON) text = text.slice(0, -1);
  return text;
}
