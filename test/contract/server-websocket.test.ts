import { readFileSync } from "node:fs";
import { connect as tlsConnect } from "node:tls";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { onTestEnd, RawSocket, sharedServer, startServer, until } from "./server-support.js";

const open = { type: "open_stream", stream_id: 1 };
const execute = (sql: string, args: readonly object[] = []): object => ({
  type: "execute",
  stream_id: 1,
  stmt: { sql, args },
});

describe("the handshake", () => {
  const shared = sharedServer();

  test.each([
    [["hrana2", "hrana1"], "hrana2"],
    [["hrana1"], "hrana1"],
    [["hrana1", "hrana3", "hrana2"], "hrana3"],
    [["hrana3-protobuf", "hrana3"], "hrana3"],
    [undefined, ""],
  ])("with the subprotocols %j chooses %j", async (offered, chosen) => {
    const server = shared();
    const before = await server.metrics();
    const socket = await RawSocket.open(server.url("ws"), offered);
    expect(socket.ws.protocol).toBe(chosen);
    expect(socket.ws.extensions).toBe("");
    socket.send({ type: "hello", jwt: null });
    await until(() => socket.messages.length === 1);
    expect(socket.messages).toEqual([{ type: "hello_ok" }]);
    const after = await server.metrics();
    expect(after.webSocketsAccepted - before.webSocketsAccepted).toBe(1);
    expect(after.socketsAccepted - before.socketsAccepted).toBe(1);
  });

  test("is refused for Protobuf alone, and on other paths", async () => {
    const server = shared();
    const before = await server.metrics();
    await expect(RawSocket.open(server.url("ws"), "hrana3-protobuf")).rejects.toThrow(/400/);
    await expect(RawSocket.open(`${server.url("ws")}/other`, "hrana2")).rejects.toThrow(/404/);
    expect((await server.metrics()).webSocketsAccepted).toBe(before.webSocketsAccepted);
  });

  test("of a client that offers no subprotocol gives Hrana 1", async () => {
    const server = shared();
    const socket = await RawSocket.open(server.url("ws"));
    socket.send({ type: "hello", jwt: null });
    socket.request(1, open);
    socket.request(2, { type: "describe", stream_id: 1, sql: "SELECT 1" });
    expect(await socket.closed).toEqual([
      1008,
      "The `describe` request is only supported in protocol version hrana2 and higher",
    ]);
  });
});

describe("a connection", () => {
  test("answers requests that come in one go, on several streams", async () => {
    const server = await startServer();
    const socket = await RawSocket.open(server.url("ws"), "hrana2");
    socket.send({ type: "hello", jwt: null });
    for (let stream = 1; stream <= 20; stream++) {
      socket.request(stream * 10, { ...open, stream_id: stream });
      const value = { type: "integer", value: String(stream) };
      socket.request(stream * 10 + 1, { ...execute("SELECT ?", [value]), stream_id: stream });
      socket.request(stream * 10 + 2, { type: "close_stream", stream_id: stream });
    }
    for (let stream = 1; stream <= 20; stream++) {
      expect(await socket.answer(stream * 10 + 1)).toMatchObject({
        type: "response_ok",
        response: { type: "execute", result: { rows: [[{ type: "integer", value: String(stream) }]] } },
      });
      expect(await socket.answer(stream * 10 + 2)).toMatchObject({ response: { type: "close_stream" } });
    }
    expect(await server.metrics()).toMatchObject({ streamsOpened: 20, streamsOpen: 0, statements: 20 });
  });

  test("that is lost takes its transactions with it", async () => {
    const server = await startServer();
    const lost = await RawSocket.open(server.url("ws"), "hrana2");
    lost.send({ type: "hello", jwt: null });
    lost.request(1, open);
    lost.request(2, execute("BEGIN IMMEDIATE"));
    lost.request(3, execute("DELETE FROM items"));
    await lost.answer(3);
    lost.ws.terminate();
    await until(async () => (await server.metrics()).streamsOpen === 0);
    const other = await RawSocket.open(server.url("ws"), "hrana2");
    other.send({ type: "hello", jwt: null });
    other.request(1, open);
    other.request(2, execute("DELETE FROM items WHERE id = 1"));
    expect(await other.answer(2)).toMatchObject({ response: { result: { affected_row_count: 1 } } });
  });

  test("answers pings", async () => {
    const server = await startServer();
    const socket = await RawSocket.open(server.url("ws"), "hrana2");
    const pong = new Promise((resolve) => socket.ws.on("pong", (data) => resolve(data.toString())));
    socket.ws.ping("are you there?");
    expect(await pong).toBe("are you there?");
  });

  test.each([
    ["text that is not JSON", "{", 1007],
    ["a binary message", Buffer.from("{}"), 1003],
    [
      "a request before the greeting",
      '{"type":"request","request_id":1,"request":{"type":"open_stream","stream_id":1}}',
      1008,
    ],
    ["a message beyond the limit", `"${"x".repeat(70_000)}"`, 1009],
  ])("is closed for %s", async (_, message, code) => {
    const server = await startServer({ limits: { maxBodyBytes: 65_536 } });
    const socket = await RawSocket.open(server.url("ws"), "hrana2");
    socket.ws.send(message);
    expect((await socket.closed)[0]).toBe(code);
    await until(async () => (await server.metrics()).webSocketsOpen === 0);
  });

  test("whose client does not read is not read from, and does no harm", async () => {
    const server = await startServer();
    const socket = await RawSocket.open(server.url("ws"), "hrana2");
    socket.send({ type: "hello", jwt: null });
    socket.request(1, open);
    await socket.answer(1);
    socket.ws.pause();
    for (let id = 2; id < 152; id++) socket.request(id, execute("SELECT * FROM items LIMIT 1000"));
    const other = await RawSocket.open(server.url("ws"), "hrana2");
    other.send({ type: "hello", jwt: null });
    other.request(1, open);
    other.request(2, execute("SELECT 1"));
    expect((await other.answer(2)).type).toBe("response_ok");
    // 150 answers of 300 KB each: those that the client does not take are not made.
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await server.metrics()).statements).toBeLessThan(100);
    socket.ws.resume();
    expect((await socket.answer(151)).type).toBe("response_ok");
  });
});

describe("TLS", () => {
  test("with a certificate made on the fly, for those who trust it and for nobody else", async () => {
    const server = await startServer({ tls: "self-signed" });
    expect(server.url("ws")).toBe(`wss://localhost:${server.port}`);
    expect(server.url("http")).toBe(`https://localhost:${server.port}`);
    const ca = readFileSync(server.caFile ?? "", "utf8");
    for (const host of ["localhost", "127.0.0.1"]) {
      const socket = await RawSocket.open(`wss://${host}:${server.port}`, "hrana2", ca);
      socket.send({ type: "hello", jwt: null });
      await until(() => socket.messages.length === 1);
    }
    await expect(RawSocket.open(server.url("ws"), "hrana2")).rejects.toThrow(/self-signed|unable to verify/);
    expect((await server.metrics()).socketsAccepted).toBe(3);
  });

  test("is version 1.3, with an elliptic curve", async () => {
    const server = await startServer({ tls: "self-signed" });
    const ca = readFileSync(server.caFile ?? "", "utf8");
    const socket = tlsConnect({ port: server.port, host: "127.0.0.1", servername: "localhost", ca });
    onTestEnd(() => void socket.destroy());
    await new Promise((resolve, reject) => socket.on("secureConnect", resolve).on("error", reject));
    expect(socket.getProtocol()).toBe("TLSv1.3");
    expect(socket.getPeerCertificate()).toMatchObject({ nistCurve: "P-256" });
  });

  test("does not answer plain text, and lives on", async () => {
    const server = await startServer({ tls: "self-signed" });
    const plain = new WebSocket(server.url("ws").replace("wss", "ws"));
    await new Promise((resolve) => plain.on("error", resolve));
    const ca = readFileSync(server.caFile ?? "", "utf8");
    expect((await RawSocket.open(server.url("ws"), "hrana2", ca)).ws.readyState).toBe(WebSocket.OPEN);
  });
});
