import { createHash } from "node:crypto";
import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { connector, ConnectionPool, type LibsqlConnection } from "#dist/index.js";
import { eventually } from "../support/eventually.js";
import { httpAnswer, onRequest, rawServer, type RawServer } from "../support/raw-server.js";

const open = (
  server: RawServer,
  scheme = "ws",
  signal = AbortSignal.timeout(5_000),
): Promise<LibsqlConnection> =>
  connector({ url: `${scheme}://127.0.0.1:${server.port}`, authToken: "opaque" })(signal);

/** Accepts the upgrade, and then leaves the socket to `then`. */
function upgrade(socket: Socket, then: () => void = () => undefined): void {
  onRequest(socket, (head) => {
    const key = /sec-websocket-key: (.*)/i.exec(head)?.[1] ?? "";
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    socket.write(
      "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n" +
        `sec-websocket-protocol: hrana2\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
    );
    then();
  });
}

describe("an upgrade", () => {
  it.each([
    ["200 OK", "SERVER_ERROR"],
    ["302 Found", "SERVER_ERROR"],
    ["401 Unauthorized", "AUTH_REJECTED"],
    ["404 Not Found", "SERVER_ERROR"],
    ["429 Too Many Requests", "SERVER_ERROR"],
    ["500 Internal", "SERVER_ERROR"],
  ])("that is answered with %s fails with %s, and leaves no socket", async (status, code) => {
    await using server = await rawServer((socket) =>
      onRequest(socket, () => socket.write(httpAnswer("x".repeat(1_000), { status }))),
    );
    await expect(open(server)).rejects.toMatchObject({ code });
    await eventually(() => server.open === 0);
  });

  it.each([
    ["garbage", "\0\0\0 hello\r\n\r\n", "SERVER_ERROR"],
    [
      "the wrong key",
      "HTTP/1.1 101 X\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: x\r\n\r\n",
      "UNREACHABLE",
    ],
    ["another protocol", "HTTP/1.1 101 X\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n", "UNREACHABLE"],
  ])("that is answered with %s is an error with a code, and leaves no socket", async (_, answer, code) => {
    await using server = await rawServer((socket) => onRequest(socket, () => socket.write(answer)));
    await expect(open(server)).rejects.toMatchObject({ code });
    await eventually(() => server.open === 0);
  });

  it.each(["ws", "wss", "http", "https"])(
    "over %s to a server that drops is an error with a code",
    async (scheme) => {
      for (const drop of ["accepted", "in the middle"] as const) {
        await using server = await rawServer((socket) => {
          if (drop === "accepted") socket.resetAndDestroy();
          else socket.once("data", () => socket.end(scheme === "wss" ? "\x16\x03\x03" : "HTTP/1.1 1"));
        });
        await using pool = new ConnectionPool({ open: () => open(server, scheme), connectionTimeout: 1_000 });
        const error: unknown = await pool
          .use(({ client }) => client.execute("SELECT 1"))
          .catch((reason: unknown) => reason);
        expect((error as { code?: unknown }).code).toMatch(
          /^(OPEN_FAILED|CONNECTION_CLOSED|HRANA_WEBSOCKET_ERROR)$/,
        );
        await pool.close();
        await eventually(() => server.open === 0);
      }
    },
  );

  it("that is half answered, for ever, ends with the signal's own reason and leaves no socket", async () => {
    await using server = await rawServer((socket) => {
      socket.write("HTTP/1.1 101 Switching Proto");
    });
    const stop = new AbortController();
    const reason = new Error("mine");
    const opening = open(server, "ws", stop.signal);
    opening.catch(() => undefined);
    await eventually(() => server.open === 1);
    setTimeout(() => stop.abort(reason), 50);
    await expect(opening).rejects.toBe(reason);
    await eventually(() => server.open === 0);
  });
});

it.each(["ws", "http"])("an opening over %s can be aborted in every turn of it", async (scheme) => {
  await using server = await rawServer((socket) => upgrade(socket));
  for (let turns = 0; turns < 40; turns++) {
    const stop = new AbortController();
    const reason = new Error("mine");
    const opening = open(server, scheme, stop.signal);
    opening.catch(() => undefined);
    for (let i = 0; i < turns >> 1; i++) {
      await (turns % 2 === 0 ? Promise.resolve() : new Promise((resolve) => setImmediate(resolve)));
    }
    stop.abort(reason);
    const outcome = await opening.then(
      (connection) => connection.close(),
      (error: unknown) => error,
    );
    if (outcome !== undefined) expect(outcome).toBe(reason);
  }
  await eventually(() => server.open === 0);
});

describe("a WebSocket", () => {
  it("whose server says goodbye and keeps the socket is closed at that moment", async () => {
    const goodbye = Buffer.from([0x88, 0x02, 0x03, 0xe9]);
    await using server = await rawServer((socket) =>
      upgrade(socket, () => setTimeout(() => socket.write(goodbye), 100)),
    );
    const connection = await open(server);
    await eventually(() => !connection.open, 2_000);
    await expect(connection.client.execute("SELECT 1")).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    await eventually(() => server.open === 0, 2_000);
  });

  it("that gets what is not Hrana fails whoever waits, and is closed at that moment", async () => {
    const text = (message: string): Buffer =>
      Buffer.concat([Buffer.from([0x81, message.length]), Buffer.from(message)]);
    await using server = await rawServer((socket) =>
      upgrade(socket, () => setTimeout(() => socket.write(text("{not json")), 100)),
    );
    const connection = await open(server);
    const pending = connection.client.execute("SELECT 1");
    await expect(pending).rejects.toThrow();
    expect(connection.open).toBe(false);
    await eventually(() => server.open === 0, 2_000);
  });
});
