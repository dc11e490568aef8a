import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { pipeline, post, RawSocket, startServer, until } from "./server-support.js";

describe("limits", () => {
  test("a body that is too long is refused, whether its length was told or not", async () => {
    const server = await startServer({ limits: { maxBodyBytes: 1_000 } });
    const long = pipeline([`SELECT '${"x".repeat(2_000)}'`]);
    const told = await post(server, "/v2/pipeline", long);
    expect([told.status, told.json().error]).toEqual([413, "Request body is too large"]);
    const pieces = new ReadableStream({
      start(controller) {
        for (let piece = 0; piece < 20; piece++)
          controller.enqueue(new TextEncoder().encode("x".repeat(100)));
        controller.close();
      },
    });
    const options = { method: "POST", body: pieces, duplex: "half" } as RequestInit;
    expect((await fetch(`${server.url("http")}/v2/pipeline`, options)).status).toBe(413);
    expect((await post(server, "/v2/pipeline", pipeline(["SELECT 1"]))).status).toBe(200);
  });

  test("who reads no answer before all is written gets it all the same", async () => {
    const server = await startServer({ limits: { maxBodyBytes: 1_000 } });
    const socket = connect(server.port, server.host).pause();
    const errors: Error[] = [];
    socket.on("error", (error) => errors.push(error));
    const pieces = 24;
    socket.write(`POST /v2/pipeline HTTP/1.1\r\nHost: x\r\nContent-Length: ${pieces * 2 ** 20}\r\n\r\n`);
    for (let piece = 0; piece < pieces; piece++)
      await new Promise((resolve) => socket.write(Buffer.alloc(2 ** 20, "x"), resolve));
    let answer = "";
    socket.on("data", (data) => (answer += data.toString())).resume();
    await new Promise((resolve) => socket.on("close", resolve));
    expect([answer.slice(0, 12), errors]).toEqual(["HTTP/1.1 413", []]);
    expect((await server.metrics()).socketsOpen).toBe(0);
  });

  test("who never ends a body too long is answered, and let go after a while", async () => {
    const server = await startServer({ limits: { maxBodyBytes: 1_000 } });
    const socket = connect(server.port, server.host);
    let answer = "";
    socket.on("data", (data) => (answer += data.toString()));
    const closed = new Promise((resolve) => socket.on("close", resolve));
    socket.write(`POST /v2/pipeline HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n${"x".repeat(2_000)}`);
    await until(() => answer.includes("Request body is too large"));
    expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*connection: close/i);
    expect((await server.metrics()).socketsOpen).toBe(1);
    await closed;
  });

  test("a result that is too long is an error of its request", async () => {
    const server = await startServer({ limits: { maxResultBytes: 100_000 } });
    const answer = await post(server, "/v2/pipeline", pipeline(["SELECT 1", "SELECT * FROM items"]));
    expect(answer.json().results).toMatchObject([
      { type: "ok" },
      { type: "error", error: { code: "RESPONSE_TOO_LARGE", message: "Response is too large" } },
    ]);
  });

  test("one stream too many is refused after a second, over either transport", async () => {
    const server = await startServer({ limits: { maxStreams: 1 } });
    const { baton } = (await post(server, "/v2/pipeline", pipeline(["SELECT 1"]))).json();
    const socket = await RawSocket.open(server.url("ws"), "hrana2");
    socket.send({ type: "hello", jwt: null });
    socket.request(1, { type: "open_stream", stream_id: 1 });
    const refused = await post(server, "/v2/pipeline", pipeline(["SELECT 1"]));
    expect(refused.status).toBe(429);
    expect(refused.json().error).toMatch(/1 streams are open/);
    expect(await socket.answer(1)).toMatchObject({
      type: "response_error",
      error: { code: "TOO_MANY_STREAMS" },
    });
    await post(server, "/v2/pipeline", { baton, requests: [{ type: "close" }] });
    expect((await post(server, "/v2/pipeline", pipeline(["SELECT 1"]))).status).toBe(200);
  });

  test("one socket too many is closed at once", async () => {
    const server = await startServer({ limits: { maxSockets: 2 } });
    const sockets = [await RawSocket.open(server.url("ws")), await RawSocket.open(server.url("ws"))];
    await expect(RawSocket.open(server.url("ws"))).rejects.toThrow();
    expect(await server.metrics()).toMatchObject({ socketsAccepted: 2, socketsRefused: 1, socketsOpen: 2 });
    sockets[0]?.ws.terminate();
    await until(async () => (await server.metrics()).socketsOpen === 1);
    expect((await RawSocket.open(server.url("ws"))).ws.readyState).toBe(1);
  });

  test("idle sockets are closed after the time that was asked for, whatever they spoke", async () => {
    const server = await startServer({ idleTimeoutMs: 300 });
    const ws = await RawSocket.open(server.url("ws"), "hrana2");
    await post(server, "/v2/pipeline", pipeline(["SELECT 1"]));
    const silent = connect(server.port, server.host);
    const silentClosed = new Promise((resolve) => silent.on("close", resolve));
    await Promise.all([ws.closed, silentClosed]);
    await until(async () => (await server.metrics()).socketsOpen === 0);
  });
});
