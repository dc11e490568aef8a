import { connect } from "node:net";
import { readFileSync } from "node:fs";
import { createClient } from "@libsql/client";
import { connector } from "#dist/libsql/connector.js";
import type { EmbeddedServer, EmbeddedServerOptions } from "#dist/server/embedded-server.js";
import { describe, expect, test } from "vitest";
import { pipeline, post, RawSocket, startServer, until } from "./server-support.js";

const RTT = 100;

/** Longer than any test waits: a call that hangs fails by itself. */
const anyTime = (): AbortSignal => AbortSignal.timeout(20_000);

async function over(
  scheme: "ws" | "wss" | "http" | "https",
  options: EmbeddedServerOptions,
): Promise<{ server: EmbeddedServer; open: ReturnType<typeof connector> }> {
  const tls = scheme === "wss" || scheme === "https";
  const server = await startServer({ ...options, tls: tls ? "self-signed" : "off" });
  const ca = server.caFile === undefined ? undefined : readFileSync(server.caFile, "utf8");
  const open = connector({ url: server.url(scheme.startsWith("ws") ? "ws" : "http"), ca });
  return { server, open };
}

describe("a server at a distance", () => {
  test.each([
    ["wss", 4],
    ["ws", 3],
    ["https", 3],
    ["http", 2],
  ] as const)("over %s the first statement takes %d round trips, the next one", async (scheme, cold) => {
    const { server, open } = await over(scheme, { network: { rttMs: RTT } });
    const best = { cold: Infinity, warm: Infinity };
    const most = { cold: (cold + 0.75) * RTT, warm: 1.75 * RTT };
    let opened = 0;
    // The best of some: this machine may be busy. One round trip more would show in each of them.
    while (opened < 8 && !(best.cold < most.cold && best.warm < most.warm)) {
      const startedAt = performance.now();
      const connection = await open(anyTime());
      await connection.client.execute("SELECT 1");
      const connectedAt = performance.now();
      await connection.client.execute("SELECT 1");
      best.cold = Math.min(best.cold, connectedAt - startedAt);
      best.warm = Math.min(best.warm, performance.now() - connectedAt);
      await connection.close();
      opened++;
    }
    expect(best.cold).toBeGreaterThanOrEqual(cold * RTT);
    expect(best.cold).toBeLessThan(most.cold);
    expect(best.warm).toBeGreaterThanOrEqual(RTT);
    expect(best.warm).toBeLessThan(most.warm);
    expect((await server.metrics()).socketsAccepted).toBe(opened);
  });

  test("every socket that a client opens is counted once, even one that goes before it is served", async () => {
    const server = await startServer({ network: { rttMs: RTT, jitterMs: RTT } });
    const sockets = await Promise.all(
      Array.from(
        { length: 50 },
        () =>
          new Promise<ReturnType<typeof connect>>((resolve) => {
            const socket = connect(server.port, server.host, () => resolve(socket));
          }),
      ),
    );
    for (const socket of sockets) socket.destroy();
    // The last of them may not have come through yet when the first have gone.
    await until(async () => {
      const { socketsAccepted, socketsOpen } = await server.metrics();
      return socketsAccepted >= 50 && socketsOpen === 0;
    });
    expect((await server.metrics()).socketsAccepted).toBe(50);
  });

  test("one socket too many is closed, as without a network", async () => {
    const server = await startServer({ limits: { maxSockets: 1 }, network: { rttMs: 10 } });
    const first = await RawSocket.open(server.url("ws"));
    await expect(RawSocket.open(server.url("ws"))).rejects.toThrow();
    expect(await server.metrics()).toMatchObject({ socketsAccepted: 1, socketsRefused: 1, socketsOpen: 1 });
    first.ws.terminate();
  });

  test("what many callers send at once, in any order of arrival, is answered as ever", async () => {
    const { server } = await over("ws", { network: { rttMs: 10, jitterMs: 10, seed: 3 } });
    const client = createClient({ url: server.url("ws") });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => client.execute({ sql: "SELECT ? AS i", args: [i] })),
    );
    expect(answers.map(({ rows }) => rows[0]?.i)).toEqual(Array.from({ length: 200 }, (_, i) => i));
    client.close();
  });

  test("a port in use is told by its own number", async () => {
    const { port } = await startServer();
    await expect(startServer({ port, network: { rttMs: 1 } })).rejects.toMatchObject({
      code: "SERVER_START_FAILED",
      message: `Port ${port} of 127.0.0.1 is in use`,
    });
  });

  test("it ends while connections are open, idle, and with bytes under way", async () => {
    const server = await startServer({ network: { rttMs: 2_000, idleTimeoutMs: 60_000 } });
    const socket = connect(server.port, server.host);
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.on("error", () => undefined);
    socket.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await until(async () => (await server.metrics()).socketsOpen === 1);
    await server.close();
    await closed;
  });
});

describe("a middlebox in front of a server", () => {
  test("closes idle connections, on both sides, and not before their time", async () => {
    const server = await startServer({ network: { idleTimeoutMs: 500 } });
    const ws = await RawSocket.open(server.url("ws"), "hrana2");
    ws.send({ type: "hello", jwt: null });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const idleSince = performance.now();
    ws.request(1, { type: "open_stream", stream_id: 1 });
    await ws.answer(1);
    await ws.closed;
    const idleFor = performance.now() - idleSince;
    expect(idleFor).toBeGreaterThanOrEqual(500);
    expect(idleFor).toBeLessThan(1_500);
    await until(async () => (await server.metrics()).socketsOpen === 0);
  });

  test("has a limit of its own next to the server's", async () => {
    const closedAfter = async (options: EmbeddedServerOptions): Promise<number> => {
      const server = await startServer(options);
      // Before it is open: what its last bytes waited for on this side is no idling of theirs.
      const since = performance.now();
      const ws = await RawSocket.open(server.url("ws"), "hrana2");
      await ws.closed;
      return performance.now() - since;
    };
    const [server, middlebox] = await Promise.all([
      closedAfter({ idleTimeoutMs: 400, network: { idleTimeoutMs: 4_000 } }),
      closedAfter({ idleTimeoutMs: 4_000, network: { idleTimeoutMs: 400 } }),
    ]);
    expect(Math.min(server, middlebox)).toBeGreaterThanOrEqual(400);
    expect(Math.max(server, middlebox)).toBeLessThan(3_000);
  });

  test("that forgets idle connections tells the client nothing, and the server that it has gone", async () => {
    const server = await startServer({ network: { idleTimeoutMs: 400, idleDrop: true } });
    const answer = await post(server, "/v2/pipeline", pipeline(["SELECT 1"]));
    expect(answer.status).toBe(200);
    const ws = await RawSocket.open(server.url("ws"), "hrana2");
    ws.send({ type: "hello", jwt: null });
    await until(async () => (await server.metrics()).socketsOpen === 0);
    const closed = await Promise.race([
      ws.closed.then(() => true),
      new Promise((resolve) => {
        ws.request(1, { type: "open_stream", stream_id: 1 });
        setTimeout(() => resolve(false), 600);
      }),
    ]);
    expect(closed).toBe(false);
    expect((await server.metrics()).streamsOpened).toBe(1);
    ws.ws.terminate();
    await ws.closed;
  });
});
