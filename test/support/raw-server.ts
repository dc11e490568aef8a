import { createServer, type AddressInfo, type Socket } from "node:net";

/** A server on this machine that does with each of its sockets what a test wants. */
export interface RawServer extends AsyncDisposable {
  readonly port: number;
  readonly open: number;
  readonly accepted: number;
}

export async function rawServer(onSocket: (socket: Socket) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    accepted++;
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
    socket.resume();
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    get open() {
      return sockets.size;
    },
    get accepted() {
      return accepted;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Calls `answer` whenever a whole HTTP request with a body, or an upgrade, has come in. */
export function onRequest(socket: Socket, answer: (head: string, body: string) => void): void {
  let text = "";
  socket.on("data", (chunk: Buffer) => {
    text += chunk.toString("latin1");
    for (;;) {
      const end = text.indexOf("\r\n\r\n");
      if (end === -1) return;
      const head = text.slice(0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (text.length < end + 4 + length) return;
      const body = text.slice(end + 4, end + 4 + length);
      text = text.slice(end + 4 + length);
      answer(head, body);
    }
  });
}

/** The answer of a Hrana server to `SELECT 1` over HTTP: the body. */
export const SELECT_1 = JSON.stringify({
  baton: null,
  base_url: null,
  results: [
    {
      type: "ok",
      response: {
        type: "execute",
        result: {
          cols: [{ name: "1", decltype: null }],
          rows: [[{ type: "integer", value: "1" }]],
          affected_row_count: 0,
          last_insert_rowid: null,
        },
      },
    },
    { type: "ok", response: { type: "close" } },
  ],
});

/** A whole HTTP answer. */
export function httpAnswer(
  body: string,
  options: { status?: string; version?: string; headers?: readonly string[] } = {},
): string {
  const { status = "200 OK", version = "1.1", headers = ["content-type: application/json"] } = options;
  return [
    `HTTP/${version} ${status}`,
    ...headers,
    `content-length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}
