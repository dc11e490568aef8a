import { STATUS_CODES, type IncomingMessage } from "node:http";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import type { Authenticator } from "./auth.js";
import type { ServerMetrics } from "./metrics.js";
import type { HranaVersion } from "./protocol.js";
import type { SqlCache } from "./sql-cache.js";
import type { StreamContext } from "./sql-stream.js";
import { refuseWebPage } from "./web-pages.js";
import { SocketPeer } from "./ws-peer.js";
import { WsSession } from "./ws-session.js";

export interface WsEndpointOptions {
  readonly context: StreamContext;
  readonly authenticator: Authenticator;
  readonly cache: SqlCache;
  readonly metrics: ServerMetrics;
  readonly maxBodyBytes: number;
  readonly maxResultBytes: number;
  readonly idleTimeoutMs: number | undefined;
  /** Only for programs of this machine. */
  readonly isLocal: boolean;
}

/** Latest first: the server chooses the first that the client offers. */
const SUBPROTOCOLS: readonly (readonly [name: string, version: HranaVersion])[] = [
  ["hrana3", 3],
  ["hrana2", 2],
  ["hrana1", 1],
];
/** Beyond this many unanswered requests a connection is not read from. */
const MAX_OUTSTANDING = 256;
/** And beyond so much text in them. */
const MAX_OUTSTANDING_LENGTH = 32 * 1024 * 1024;

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
    const refusal = this.#options.isLocal ? refuseWebPage(request) : undefined;
    if (refusal) return refuse(socket, refusal.status, refusal.why);
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
    const peer = new SocketPeer(ws, socket);
    const session = new WsSession({ peer, version, authenticator, streams: context, cache, maxResultBytes });
    this.#sessions.add(session);
    ws.on("message", (data: Buffer, isBinary: boolean) => {
      if (isBinary) return session.receiveBinary();
      session.receive(data.toString("utf8"));
      peer.holdBackWhile(
        () => session.outstanding > MAX_OUTSTANDING || session.outstandingLength > MAX_OUTSTANDING_LENGTH,
      );
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
