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
    socket.write(
      `POST /v2/pipeline HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${pieces * 2 ** 20}\r\n\r\n`,
    );
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
    socket.write(
      `POST /v2/pipeline HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000\r\n\r\n${"x".repeat(2_000)}`,
    );
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

  test("errors and names of columns count towards the size of a result, as a short text may stand for a long one", async () => {
    const server = await startServer({ limits: { maxResultBytes: 1_000_000 } });
    const name = "x".repeat(4_900);
    for (const sql of [`SELECT * FROM ${name}`, `SELECT 1 AS ${name}`]) {
      const stored = { type: "store_sql", sql_id: 1, sql };
      const requests = {
        batch: [{ type: "batch", batch: { steps: Array(1_000).fill({ stmt: { sql_id: 1 } }) } }],
        execute: Array<object>(1_000).fill({ type: "execute", stmt: { sql_id: 1 } }),
        describe: Array<object>(1_000).fill({ type: "describe", sql_id: 1 }),
      };
      for (const many of Object.values(requests)) {
        const answer = await post(server, "/v2/pipeline", { requests: [stored, ...many, { type: "close" }] });
        expect(answer.text).toContain("RESPONSE_TOO_LARGE");
        expect(answer.text.length).toBeLessThan(1_300_000);
      }
    }
  });

  test("a long script keeps nobody else waiting", async () => {
    const server = await startServer();
    const order: string[] = [];
    const script = { requests: [{ type: "sequence", sql: "SELECT 1;".repeat(100_000) }, { type: "close" }] };
    const long = post(server, "/v2/pipeline", script).then(() => order.push("script"));
    await until(async () => (await server.metrics()).statements > 0);
    await fetch(`${server.url("http")}/health`).then(() => order.push("health"));
    await long;
    expect(order).toEqual(["health", "script"]);
  });

  test("who does not finish a request in time is told so, and let go", async () => {
    const server = await startServer({ limits: { maxRequestMs: 200 } });
    const slow = [
      "GET /health HTTP/1.1\r\nHost: localhost\r\nX-",
      "POST /v2/pipeline HTTP/1.1\r\nHost: localhost\r\n",
    ];
    for (const [index, start] of slow.entries()) {
      const socket = connect(server.port, server.host);
      let answer = "";
      socket.on("data", (data) => (answer += data.toString())).on("error", () => undefined);
      socket.write(index === 0 ? start : `${start}Content-Length: 1000\r\n\r\n{`);
      const trickle = setInterval(() => socket.write("x"), 20);
      await new Promise((resolve) => socket.once("close", resolve));
      clearInterval(trickle);
      expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    }
    await until(async () => (await server.metrics()).socketsOpen === 0);
  });

  test("a head that is too long is refused", async () => {
    const server = await startServer();
    const headers = { "x-long": "x".repeat(20_000) };
    expect((await fetch(`${server.url("http")}/health`, { headers })).status).toBe(431);
  });

  test("a WebSocket message that is too long closes the socket", async () => {
    const server = await startServer({ limits: { maxBodyBytes: 1_000 } });
    const socket = await RawSocket.open(server.url("ws"), "hrana2");
    socket.send({ type: "hello", jwt: "x".repeat(1_000) });
    expect((await socket.closed)[0]).toBe(1009);
  });

  test("a message nested a million deep is refused, and conditions beyond a hundred", async () => {
    const server = await startServer();
    const deep = '{"requests":'.padEnd(1_000_000, "[") + "]".repeat(999_988) + "}";
    expect((await post(server, "/v2/pipeline", deep)).status).toBe(400);
    const not = '{"type":"not","cond":';
    const cond = `${not.repeat(200)}{"type":"is_autocommit"}${"}".repeat(200)}`;
    const batch = `{"batch":{"steps":[{"stmt":{"sql":"SELECT 1"},"condition":${cond}}]}}`;
    const answer = await post(server, "/v3/cursor", batch);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining("recursion limit")]);
  });

  test("who sends hundreds of requests and waits for no answer is let go", async () => {
    const server = await startServer();
    const writer = await RawSocket.open(server.url("ws"), "hrana2");
    writer.send({ type: "hello", jwt: null });
    writer.request(1, { type: "open_stream", stream_id: 1 });
    writer.request(2, { type: "execute", stream_id: 1, stmt: { sql: "BEGIN IMMEDIATE" } });
    await writer.answer(2);
    // They wait for the lock.
    const body = JSON.stringify({ requests: [{ type: "execute", stmt: { sql: "DELETE FROM items" } }] });
    const one = `POST /v2/pipeline HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    const socket = connect(server.port, server.host);
    socket.on("error", () => undefined).write(one.repeat(1_000));
    await new Promise((resolve) => socket.once("close", resolve));
    expect((await server.metrics()).httpRequests).toBeLessThan(1_000);
    writer.ws.terminate();
    await until(async () => (await server.metrics()).streamsOpen === 0);
    expect((await post(server, "/v2/pipeline", pipeline(["SELECT 1"]))).status).toBe(200);
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
