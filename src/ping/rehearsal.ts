import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocketServer } from "ws";
import type { Milliseconds } from "../core/duration.js";
import type { Connection } from "../libsql/connection.js";
import { connector } from "../libsql/connector.js";
import type { RemoteTarget } from "../libsql/target.js";

/** A loopback that takes longer than this is no rehearsal worth waiting for. */
const PATIENCE: Milliseconds = 1_000;
const STATEMENTS = 30;

/**
 * A stage in this process on which pings are rehearsed, against a server of its own, so that a ping measures neither
 * how Node loads and compiles its code, nor how the processor finds it again after a pause. Measured on two shared
 * cores, both ends being this machine's:
 *
 * - the first request over HTTP took 48 ms without, 9.5 ms with one rehearsal, and 3 ms later on; over WebSocket all of
 *   the first ping took 24, 15 and 6.5 ms. The rest is the embedded server's own first time;
 * - after 30 statements, a warm one after a pause takes 1.8 ms instead of 2.4 ms; and another 0.5 to 1 ms less when
 *   one is rehearsed right before it: 21.5 instead of 22.8 ms at a round trip of 20 ms.
 *
 * What goes wrong here is of no interest: without a rehearsal, pings are slower.
 */
export class Rehearsal implements AsyncDisposable {
  readonly #server = createServer(answerRequest);
  readonly #transport: "ws" | "http";
  #kept: Connection | undefined;

  private constructor({ transport }: RemoteTarget) {
    this.#transport = transport;
    answerWebSockets(this.#server);
  }

  static async start(target: RemoteTarget, signal: AbortSignal): Promise<Rehearsal> {
    const stage = new Rehearsal(target);
    await stage.#attempt(async () => {
      stage.#server.listen(0, "127.0.0.1");
      await once(stage.#server, "listening", { signal });
      stage.#kept = await stage.#open(stage.#transport);
      for (let i = 0; i < STATEMENTS; i++) await stage.before("warm");
      await stage.before("cold");
      // There is no certificate here, so that no more of TLS is seen than how it begins, which is most of its code.
      if (target.tls) await stage.#open(`${stage.#transport}s`);
    });
    return stage;
  }

  /** Does what a ping of this kind is about to do. Never rejects. */
  async before(kind: "cold" | "warm"): Promise<void> {
    await this.#attempt(async () => {
      const connection = kind === "warm" ? this.#kept : await this.#open(this.#transport);
      await connection?.ping(AbortSignal.timeout(PATIENCE));
      if (kind === "cold") await connection?.close();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#kept?.close();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #open(scheme: string): Promise<Connection> {
    const { port } = this.#server.address() as AddressInfo;
    return connector({ url: `${scheme}://localhost:${port}` })(AbortSignal.timeout(PATIENCE));
  }

  async #attempt(scene: () => Promise<void>): Promise<void> {
    await scene().catch(() => undefined);
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
