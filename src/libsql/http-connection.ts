import type { Client } from "@libsql/client";
import { createClient } from "@libsql/client/http";
import { openHttp } from "@libsql/hrana-client";
import * as undici from "undici";
import { openError } from "./connection-errors.js";
import { dial } from "./dial.js";
import { dispatcherFetch } from "./dispatcher-fetch.js";
import { secretsOf } from "./echoes.js";
import { HandshakeTimer } from "./handshake.js";
import type { ConnectionOptions, LibsqlConnection } from "./libsql-connection.js";
import { mendHttpClient } from "./mend-http-client.js";
import { OtherOrigins } from "./other-origins.js";
import { ping } from "./ping.js";
import { describesReadOnly } from "./read-only.js";
import type { RemoteTarget } from "./target.js";
import { Transport } from "./transport.js";

/** Longer than any pool keeps a connection; the pool decides, not undici. */
const FOR_EVER_MS = 2 ** 31 - 1;

/**
 * Opens one HTTP connection: a client whose requests all go through one dispatcher with one socket,
 * which is open already when this resolves.
 *
 * Global `fetch` would share its sockets among all clients of the process. A dispatcher that may connect
 * only once never reconnects behind our back: when its socket is gone, so is the connection.
 */
export async function openHttpConnection(
  target: RemoteTarget,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<LibsqlConnection> {
  const { wire } = options;
  const timer = new HandshakeTimer(wire && ((phase) => wire.passed(phase)));
  const transport = new Transport();
  const socket = await dial(target, options, timer, signal).catch((cause: unknown) => {
    throw openError(target.display, cause, signal);
  });
  socket.once("close", () => transport.closed());
  // Whoever waits for an answer is told by undici; until then there is nobody to tell.
  socket.on("error", () => undefined);
  // undici takes the socket up at the first request. What a server says before is not an answer to it, but
  // its goodbye (408), and while that lies unread the socket does not notice that it was closed.
  const unasked = (): void => {
    if (socket.readableLength > 0) socket.destroy();
  };
  socket.on("readable", unasked);
  const handshake = timer.done();

  let connected = false;
  const dispatcher = new undici.Client(target.baseUrl.origin, {
    pipelining: 1,
    keepAliveTimeout: FOR_EVER_MS,
    keepAliveMaxTimeout: FOR_EVER_MS,
    // What undici takes off the server's hint, to leave in time.
    ...(options.heedKeepAliveHint === false && { keepAliveTimeoutThreshold: -FOR_EVER_MS }),
    connect: (_options, callback) => {
      const error = connected || !transport.open ? new Error("the connection's only socket is closed") : null;
      connected = true;
      socket.off("readable", unasked);
      // undici calls from within its queue and takes up the waiting request only in a later turn.
      queueMicrotask(() => {
        if (error) callback(error, null);
        else callback(null, socket);
      });
    },
  });

  const { authToken } = target;
  const { remoteEncryptionKey } = options;
  const elsewhere = new OtherOrigins(target.baseUrl.origin, options.ca);
  transport.onClose(() => elsewhere.close());
  const secrets = secretsOf(authToken, remoteEncryptionKey);
  const fetch = dispatcherFetch(dispatcher, target.baseUrl.origin, { secrets, wire, elsewhere });
  const client: Client = createClient({
    url: target.baseUrl.href,
    intMode: options.intMode ?? "number",
    concurrency: Infinity,
    fetch,
    ...(authToken === undefined ? {} : { authToken }),
    ...(remoteEncryptionKey === undefined ? {} : { remoteEncryptionKey }),
  });
  await mendHttpClient(client);

  const closeClient = client.close.bind(client);
  // A closed client over an open socket would fail whoever gets this connection next.
  client.close = () => {
    closeClient();
    socket.destroy();
  };

  const connection: LibsqlConnection = {
    client,
    handshake,
    // Not a plain property: whoever prints the connection would print undici's requests under way, with the token.
    get socket() {
      return socket;
    },
    get bytesSent() {
      // What goes over other sockets is not counted in bytes, but counted.
      return socket.bytesWritten + elsewhere.requests;
    },
    isReadOnly: (sql) =>
      describesReadOnly(openHttp(target.baseUrl, authToken, fetch, remoteEncryptionKey), sql),
    keepsProcessAlive: (value) => (value ? socket.ref() : socket.unref()),
    get open() {
      return transport.open && !socket.destroyed;
    },
    ping: (pingSignal) => ping(client, target.display, pingSignal),
    onClose: (listener) => transport.onClose(listener),
    close: async () => {
      client.close();
      const gone = new Promise<void>((resolve) => transport.onClose(resolve));
      // Not waited for: called while the socket's close is being told, it would never resolve.
      void dispatcher.destroy();
      await gone;
    },
  };
  options.sockets?.ready(socket, connection, handshake);
  return connection;
}
