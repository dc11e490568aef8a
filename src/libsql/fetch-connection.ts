import { LibsqlError } from "@libsql/client";
import { createClient } from "@libsql/client/http";
import { openHttp } from "@libsql/hrana-client";
import { HandshakeTimer } from "./handshake.js";
import type { ConnectionOptions, LibsqlConnection } from "./libsql-connection.js";
import { mendHttpClient } from "./mend-http-client.js";
import { ping } from "./ping.js";
import { describesReadOnly } from "./read-only.js";
import type { RemoteTarget } from "./target.js";
import { Transport } from "./transport.js";

type Fetch = (request: Request) => Promise<Response>;

/**
 * A connection over HTTP whose requests go through a `fetch` of the caller's. Which sockets that has, and whether they are
 * open, is known to it alone: the connection is open until it is closed, and a ping shows no more than that the database
 * answers.
 */
export async function openFetchConnection(
  target: RemoteTarget,
  options: ConnectionOptions & { readonly fetch: Fetch },
): Promise<LibsqlConnection> {
  const { authToken } = target;
  const { remoteEncryptionKey } = options;
  const timer = new HandshakeTimer();
  const transport = new Transport();
  let requests = 0;
  const fetch: Fetch = async (request) => {
    if (!transport.open) throw lost(new Error("the connection is closed"));
    requests++;
    try {
      return await options.fetch(request);
    } catch (cause) {
      throw lost(cause);
    }
  };
  const client = createClient({
    url: target.baseUrl.href,
    intMode: options.intMode ?? "number",
    concurrency: Infinity,
    fetch,
    ...(authToken === undefined ? {} : { authToken }),
    ...(remoteEncryptionKey === undefined ? {} : { remoteEncryptionKey }),
  });
  await mendHttpClient(client);
  const closeClient = client.close.bind(client);
  client.close = () => {
    closeClient();
    transport.closed();
  };
  return {
    client,
    handshake: timer.done(),
    // Nobody counts the bytes, but whoever made no request has sent none.
    get bytesSent() {
      return requests;
    },
    isReadOnly: (sql) =>
      describesReadOnly(openHttp(target.baseUrl, authToken, fetch, remoteEncryptionKey), sql),
    keepsProcessAlive: () => undefined,
    get open() {
      return transport.open;
    },
    ping: (signal) => ping(client, target.display, signal),
    onClose: (listener) => transport.onClose(listener),
    close: () => {
      client.close();
      return Promise.resolve();
    },
  };
}

/** As over a socket of ours, whatever a `fetch` of somebody's rejects with. */
function lost(cause: unknown): LibsqlError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LibsqlError(reason, "CONNECTION_CLOSED", undefined, undefined, cause as Error);
}
