import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { Milliseconds } from "../core/duration.js";
import { connectTo } from "../libsql/connector.js";
import { ping } from "../libsql/ping.js";
import { parseTarget, type RemoteTarget } from "../libsql/target.js";

/** A loopback that takes longer than this is no rehearsal worth waiting for. */
const PATIENCE: Milliseconds = 1_000;

/**
 * Runs all the code of a cold ping once, against a server in this process, so that the first ping does not measure
 * how Node loads and compiles it. Measured on the first ping against an embedded server, which was cold itself: over
 * HTTP the request took 48 ms without, 9.5 ms with it, and 3 ms later on; over WebSocket all took 24, 15 and 6.5 ms.
 * What it runs into is of no interest: without it, the first ping is slower.
 */
export async function rehearse({ transport, tls }: RemoteTarget, signal: AbortSignal): Promise<void> {
  const server = createServer(answerRequest);
  answerWebSockets(server);
  try {
    server.listen(0, "127.0.0.1");
    await once(server, "listening", { signal });
    const { port } = server.address() as AddressInfo;
    await visit(`${transport}://localhost:${port}`, signal);
    // There is no certificate here, so that no more of TLS is seen than how it begins, which is most of its code.
    if (tls) await visit(`${transport}s://localhost:${port}`, signal);
  } catch {
    // As said above.
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function visit(url: string, signal: AbortSignal): Promise<void> {
  const target = parseTarget(url);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  try {
    const connection = await connectTo(target)(limit);
    await ping(connection.client, target.display, limit).finally(() => connection.close());
  } catch {
    // As said above.
  }
}

const RESULT = {
  cols: [{ name: "1", decltype: null }],
  rows: [[{ type: "integer", value: "1" }]],
  affected_row_count: 0,
  last_insert_rowid: null,
  query_duration_ms: 0.1,
};

const answerRequest: Parameters<typeof createServer>[1] = (request, response) => {
  const results = [
    { type: "ok", response: { type: "execute", result: RESULT } },
    { type: "ok", response: { type: "close" } },
  ];
  request.resume();
  request.once("end", () => {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ baton: null, base_url: null, results }));
  });
};

type Message =
  | { readonly type: "hello" }
  | { readonly type: "request"; readonly request_id: number; readonly request: { readonly type: string } };

function answerWebSockets(server: Server): void {
  const webSockets = new WebSocketServer({ server, handleProtocols: () => "hrana2" });
  webSockets.on("connection", (webSocket) => {
    webSocket.on("message", (data: Buffer) => {
      const message = JSON.parse(data.toString("utf8")) as Message;
      if (message.type === "hello") return webSocket.send('{"type":"hello_ok"}');
      const { request_id, request } = message;
      const response = { type: request.type, result: RESULT };
      webSocket.send(JSON.stringify({ type: "response_ok", request_id, response }));
    });
  });
}
