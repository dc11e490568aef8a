import WebSocket from "ws";
import { TursoPoolError } from "../core/errors.js";
import { coalesceSends } from "./coalesce-sends.js";
import { notHrana, openError } from "./connection-errors.js";
import { dial } from "./dial.js";
import { muteEchoes, secretsOf } from "./echoes.js";
import { HandshakeTimer, type Handshake } from "./handshake.js";
import type { ConnectionOptions, LibsqlConnection } from "./libsql-connection.js";
import { ping } from "./ping.js";
import { describesReadOnly } from "./read-only.js";
import { parseRetryAfter, Refusal } from "./refusal.js";
import { quietBatches } from "./quiet-batches.js";
import { SingleSocketClient, SingleSocketHrana } from "./single-socket-client.js";
import type { RemoteTarget } from "./target.js";
import { Transport } from "./transport.js";

/** What `@libsql/client` offers; both are JSON. */
const SUBPROTOCOLS = ["hrana2", "hrana1"];

/** Opens one WebSocket connection: a client over one socket of its own, upgraded when this resolves. */
export async function openWsConnection(
  target: RemoteTarget,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<LibsqlConnection> {
  const { wire } = options;
  const timer = new HandshakeTimer(wire && ((phase) => wire.passed(phase)));
  const transport = new Transport();
  let handshake: Handshake;
  let webSocket: WebSocket;
  let hranaClient: SingleSocketHrana;
  const socket = await dial(target, options, timer, signal).catch((cause: unknown) => {
    throw openError(target.display, cause, signal);
  });
  socket.once("close", () => transport.closed());
  try {
    webSocket = new WebSocket(target.baseUrl, SUBPROTOCOLS, {
      createConnection: () => socket,
      perMessageDeflate: false,
    });
    coalesceSends(webSocket, socket, wire && (() => wire.sending()));
    closeAtOnce(webSocket);
    muteEchoes(webSocket, secretsOf(target.authToken));
    if (wire) webSocket.on("message", (data: Buffer) => wire.received(data.toString("utf8")));
    // It must see the "open" event, on which it says hello, so it is made before.
    hranaClient = new SingleSocketHrana(webSocket, target.authToken);
    quietBatches(hranaClient);
    await upgraded(webSocket, target.display, signal);
    timer.end("upgrade");
    wire?.upgraded(webSocket.protocol);
    handshake = timer.done();
  } catch (cause) {
    const gone = new Promise<void>((resolve) => transport.onClose(resolve));
    socket.destroy();
    await gone;
    throw openError(target.display, cause, signal);
  }
  const client = new SingleSocketClient(
    hranaClient,
    target.baseUrl,
    target.authToken,
    options.intMode ?? "number",
  );
  const connection: LibsqlConnection = {
    client,
    handshake,
    get socket() {
      return socket;
    },
    get bytesSent() {
      return socket.bytesWritten;
    },
    isReadOnly: (sql) => describesReadOnly(hranaClient, sql),
    keepsProcessAlive: (value) => (value ? socket.ref() : socket.unref()),
    get open() {
      return !hranaClient.closed && !socket.destroyed;
    },
    ping: (pingSignal) => ping(client, target.display, pingSignal),
    onClose: (listener) => transport.onClose(listener),
    close: async () => {
      const gone = new Promise<void>((resolve) => transport.onClose(resolve));
      hranaClient.close();
      await gone;
    },
  };
  options.sockets?.ready(socket, connection, handshake);
  return connection;
}

/**
 * Closes the socket with the WebSocket, after the goodbye was sent or answered, and not up to 30 s later:
 * the reply to it may never come, and until then the pool would take the connection for an open one.
 */
function closeAtOnce(webSocket: WebSocket): void {
  const close = webSocket.close.bind(webSocket);
  webSocket.close = (code, reason) => {
    close(code, reason);
    webSocket.terminate();
  };
}

/** Resolves when the server has accepted the upgrade; otherwise terminates the socket and rejects. */
function upgraded(webSocket: WebSocket, where: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      signal.removeEventListener("abort", onAbort);
      if (error === undefined) return resolve();
      webSocket.terminate();
      reject(error);
    };
    const onAbort = (): void => settle(signal.reason as Error);
    // It may have aborted after the socket was open and before this.
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    webSocket.once("open", () => settle());
    webSocket.once("error", settle);
    webSocket.once("unexpected-response", (_request, response) => {
      settle(upgradeRefused(where, response.statusCode ?? 0, response.headers["retry-after"]));
    });
  });
}

function upgradeRefused(where: string, status: number, retryAfter: string | undefined): TursoPoolError {
  if (status === 401 || status === 403) {
    return new TursoPoolError(
      "AUTH_REJECTED",
      `${where}: the server refused the upgrade with status ${status}`,
      { hint: "Set TURSO_AUTH_TOKEN to a token that is valid for this database." },
    );
  }
  if (status >= 200 && status < 300) {
    const { code, what, hint } = notHrana(`it answers the WebSocket upgrade with status ${status}`);
    return new TursoPoolError(code, `${where}: ${what}`, { hint });
  }
  return new TursoPoolError(
    "SERVER_ERROR",
    `${where}: the server refused the WebSocket upgrade with status ${status}`,
    {
      hint: "Try the same URL with http: or https:; this server may not speak Hrana over WebSocket.",
      cause: new Refusal(status, parseRetryAfter(retryAfter)),
    },
  );
}
