import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { connector, ConnectionPool, SocketObserver, type LibsqlConnection } from "#dist/index.js";
import { eventually } from "../support/eventually.js";
import { httpAnswer, onRequest, rawServer, SELECT_1, type RawServer } from "../support/raw-server.js";

const TOKEN = "opaque-and-secret";
const open = (server: RawServer): Promise<LibsqlConnection> =>
  connector({ url: `http://127.0.0.1:${server.port}`, authToken: TOKEN })(new AbortController().signal);

/** A server that gives every request the same answer. */
const answering = (answer: string, then: "stay" | "end" = "stay"): Promise<RawServer> =>
  rawServer((socket) =>
    onRequest(socket, () => {
      socket.write(answer);
      if (then === "end") socket.end();
    }),
  );

describe("a server that keeps no connection alive", () => {
  it.each([
    ["answers with Connection: close", httpAnswer(SELECT_1, { headers: ["connection: close"] }), "stay"],
    ["hints at a keep-alive of 1 s", httpAnswer(SELECT_1, { headers: ["keep-alive: timeout=1"] }), "stay"],
    ["speaks HTTP/1.0", httpAnswer(SELECT_1, { version: "1.0" }), "end"],
  ] as const)(
    "and %s is served with a socket for each statement, and nobody fails",
    async (_, answer, then) => {
      await using server = await answering(answer, then);
      // Counted on this side: the server may see a socket come before it sees the end of the one before.
      let most = 0;
      const sockets = new SocketObserver().group({ opened: () => (most = Math.max(most, sockets.open)) });
      const pool = new ConnectionPool({
        open: connector({ url: `http://127.0.0.1:${server.port}`, sockets }),
        maxConnections: 2,
      });
      const caller = async (): Promise<void> => {
        for (let i = 0; i < 20; i++) await pool.use(({ client }) => client.execute("SELECT 1"));
      };
      await Promise.all([caller(), caller(), caller(), caller()]);
      expect(most).toBeLessThanOrEqual(2);
      expect(server.accepted).toBe(sockets.opened);
      await pool.close();
      await eventually(() => server.open === 0);
    },
  );
});

describe("an HTTP answer that is none of Hrana's", () => {
  const html = `<html>${"x".repeat(300_000)}`;
  it.each([
    ["garbage", "\0\0 garbage \r\n\r\n", "CONNECTION_CLOSED"],
    ["not JSON", httpAnswer("<html>"), "SERVER_ERROR"],
    ["JSON, but no object", httpAnswer("null"), "SERVER_ERROR"],
    ["an empty object", httpAnswer("{}"), "HRANA_PROTO_ERROR"],
    ["a redirect", httpAnswer("", { status: "302 Found", headers: ["location: /x"] }), "SERVER_ERROR"],
    [
      "an error with a page",
      httpAnswer(html, { status: "502 Bad", headers: ["content-type: text/html"] }),
      "SERVER_ERROR",
    ],
    [
      "a header that is not ASCII",
      httpAnswer("", { status: "500 X", headers: ["x-a: \u{1f600}"] }),
      "SERVER_ERROR",
    ],
    ["cut in the body", "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", "CONNECTION_CLOSED", "end"],
    [
      "a refusal that repeats the token",
      httpAnswer(`no: ${TOKEN}`, { status: "401 No", headers: ["content-type: text/plain"] }),
      "SERVER_ERROR",
    ],
    ["nothing", "", "CONNECTION_CLOSED", "end"],
  ] as const)("%s, is a coded error without the token, and the next caller is served", async (...row) => {
    const [, answer, code, then = "stay"] = row;
    let requests = 0;
    await using server = await rawServer((socket) =>
      onRequest(socket, () => {
        socket.write(requests++ === 0 ? answer : httpAnswer(SELECT_1));
        if (requests === 1 && then === "end") socket.end();
      }),
    );
    await using pool = new ConnectionPool({ open: () => open(server), maxConnections: 1 });
    const error: unknown = await pool
      .use(({ client }) => client.execute("SELECT 1"))
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(TOKEN);
    const next = await pool.use(({ client }) => client.execute("SELECT 1"));
    expect(next.rows[0]?.["1"]).toBe(1);
  });

  it("that never ends does not outlive a ping's patience, and leaves no socket", async () => {
    await using server = await rawServer((socket) =>
      onRequest(socket, () => {
        socket.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
        const timer = setInterval(() => socket.write("1\r\n \r\n"), 20);
        socket.once("close", () => clearInterval(timer));
      }),
    );
    await using pool = new ConnectionPool({
      open: () => open(server),
      minConnections: 0,
      healthCheckTimeout: 200,
    });
    expect(await pool.healthCheck()).toBe(false);
    await eventually(() => server.open === 0);
  });

  it("that nobody asked for, and then the end, is noticed while the connection is idle", async () => {
    await using server = await rawServer((socket) => {
      setTimeout(() => socket.end(httpAnswer("", { status: "408 Request Timeout" })), 50);
    });
    const connection = await open(server);
    await eventually(() => !connection.open);
    await eventually(() => server.open === 0);
  });
});
