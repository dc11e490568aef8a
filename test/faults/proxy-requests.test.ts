import type { Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { behindFaultProxy, echo } from "../support/behind-fault-proxy.js";
import { eventually } from "../support/eventually.js";
import { httpAnswer, onRequest } from "../support/raw-server.js";

/** Answers each HTTP request. */
const answering = (socket: Socket): void => onRequest(socket, () => socket.write(httpAnswer("the answer")));

const post = (body: string): string =>
  `POST /v2/pipeline HTTP/1.1\r\nhost: here\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
const chunked = (...chunks: string[]): string =>
  `POST /v2/pipeline HTTP/1.1\r\nhost: here\r\nTransfer-Encoding: chunked\r\n\r\n` +
  [...chunks, ""].map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join("");

/** A client's text frame, masked. */
function frame(text: string): Buffer {
  const mask = Buffer.from([1, 2, 3, 4]);
  const payload = Buffer.from(text).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  const head =
    text.length < 126
      ? Buffer.from([0x81, 0x80 | text.length])
      : Buffer.from([0x81, 0x80 | 126, text.length >> 8, text.length & 255]);
  return Buffer.concat([head, mask, payload]);
}

const UPGRADE =
  "GET / HTTP/1.1\r\nhost: here\r\nupgrade: websocket\r\nconnection: upgrade\r\n" +
  "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: hrana2, hrana1\r\n\r\n";

describe("a fault of requests over HTTP", () => {
  it.each(["reset", "end"] as const)(
    "cut-answer: the server gets the request, the client no answer: %s",
    async (how) => {
      await using scene = await behindFaultProxy(answering);
      await scene.proxy.inject({ kind: "cut-answer", how });
      const client = await scene.client();
      client.send(post("a statement"));
      expect(await client.ended()).toBe(how === "end" ? "FIN" : "ECONNRESET");
      expect(client.text).toBe("");
      expect(scene.heard()).toBe(post("a statement"));
    },
  );

  it("cut-answer: so much of the answer comes, of requests that match, so many times", async () => {
    await using scene = await behindFaultProxy(answering);
    await scene.proxy.inject({ kind: "cut-answer", matching: "secret key", bytes: 12, how: "end", times: 1 });
    const client = await scene.client();
    client.send(post("something else"));
    await client.hears("the answer");
    const before = client.bytes.length;
    client.send(post("with the secret key"));
    expect(await client.ended()).toBe("FIN");
    expect(client.text.slice(before)).toBe("HTTP/1.1 200");
    const again = await scene.client();
    again.send(post("with the secret key"));
    await again.hears("the answer");
    expect(scene.proxy.struck).toBe(1);
  });

  it("cut-request: nothing of it reaches the server, however it comes", async () => {
    await using scene = await behindFaultProxy(answering);
    await scene.proxy.inject({ kind: "cut-request", matching: "INSERT" });
    const client = await scene.client();
    const text = post("SELECT") + chunked("INS", "ERT") + post("INSERT");
    for (const letter of text) client.send(letter);
    await eventually(() => client.end !== undefined);
    expect(scene.heard()).toBe(post("SELECT") + chunked("INS", "ERT"));
  });

  it("does not strike a request of which some was through before", async () => {
    await using scene = await behindFaultProxy(answering);
    const client = await scene.client();
    const [head, rest] = [post("first").slice(0, 20), post("first").slice(20)];
    client.send(head);
    await eventually(() => scene.heard() === head);
    await scene.proxy.inject({ kind: "cut-request" });
    client.send(rest);
    await client.hears("the answer");
    client.send(post("second"));
    expect(await client.ended()).toBe("ECONNRESET");
    expect(scene.heard()).toBe(post("first"));
  });

  it("holds a request until it is whole, and lets go of it when the fault ends", async () => {
    await using scene = await behindFaultProxy(answering);
    await scene.proxy.inject({ kind: "cut-request" });
    const client = await scene.client();
    client.send(post("whole").slice(0, 20));
    await scene.proxy.heal();
    client.send(post("whole").slice(20));
    await client.hears("the answer");
    expect(scene.heard()).toBe(post("whole"));
  });

  it("answer: the proxy answers instead, on the same connection; the server hears nothing", async () => {
    await using scene = await behindFaultProxy(answering);
    const client = await scene.client();
    await scene.proxy.inject({
      kind: "answer",
      status: 429,
      headers: { "retry-after": "2" },
      body: "too many",
      times: 2,
    });
    client.send(post("one") + post("two") + post("three"));
    await client.hears("the answer");
    expect(client.text.match(/HTTP\/1.1 429 Too Many Requests/g)).toHaveLength(2);
    expect(client.text).toContain("retry-after: 2");
    expect(client.text).toContain("too many");
    expect(scene.heard()).toBe(post("three"));
  });
});

describe("a fault of requests over WebSocket", () => {
  const webSocket = (socket: Socket): void => {
    onRequest(socket, () => socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
    echo(socket);
  };

  it("answer: refuses the upgrade", async () => {
    await using scene = await behindFaultProxy(webSocket);
    await scene.proxy.inject({ kind: "answer", status: 503, body: "later" });
    const client = await scene.client();
    client.send(UPGRADE);
    expect(await client.ended()).toBe("FIN");
    expect(client.text).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n.*later$/s);
    expect(scene.heard()).toBe("");
  });

  it("refuse-hello: takes the upgrade, answers hello with an error, and closes", async () => {
    await using scene = await behindFaultProxy(webSocket);
    await scene.proxy.inject({ kind: "refuse-hello", message: "no", code: "AUTH_JWT_INVALID" });
    const client = await scene.client();
    client.send(UPGRADE);
    // The example of RFC 6455, section 1.3.
    await client.hears("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nsec-websocket-protocol: hrana2\r\n\r\n");
    client.send(frame('{"type":"hello"}'));
    expect(await client.ended()).toBe("FIN");
    expect(client.text).toContain(
      '{"type":"hello_error","error":{"message":"no","code":"AUTH_JWT_INVALID"}}',
    );
    expect(client.bytes.subarray(-4)).toEqual(Buffer.from([0x88, 2, 1008 >> 8, 1008 & 255]));
    expect(scene.heard()).toBe("");
  });

  it.each(["short", "long ".repeat(100)])("finds what matches in masked messages: %#", async (key) => {
    await using scene = await behindFaultProxy(webSocket);
    const client = await scene.client();
    client.send(UPGRADE);
    await client.hears("101");
    await scene.proxy.inject({ kind: "cut-request", matching: key });
    const [harmless, struck] = [frame("harmless"), frame(`INSERT ${key}`)];
    client.send(Buffer.concat([harmless, struck]));
    expect(await client.ended()).toBe("ECONNRESET");
    expect(scene.heard()).toBe(UPGRADE + harmless.toString("latin1"));
  });

  it("cut-answer: the message reaches the server, the answer not the client", async () => {
    await using scene = await behindFaultProxy(webSocket);
    const client = await scene.client();
    client.send(UPGRADE);
    await client.hears("101");
    await scene.proxy.inject({ kind: "cut-answer", matching: "INSERT" });
    const before = client.text;
    client.send(frame("INSERT"));
    expect(await client.ended()).toBe("ECONNRESET");
    expect(client.text).toBe(before);
    expect(scene.heard()).toBe(UPGRADE + frame("INSERT").toString("latin1"));
  });

  it("cut-answer: lets the answers to other requests through, until that to this one comes", async () => {
    let server: Socket | undefined;
    await using scene = await behindFaultProxy((socket) => {
      server = socket;
      onRequest(socket, () => socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
    });
    const client = await scene.client();
    client.send(UPGRADE);
    await client.hears("101");
    await scene.proxy.inject({ kind: "cut-answer", matching: "INSERT" });
    client.send(frame('{"type":"request","request_id":1,"request":{"type":"open_stream"}}'));
    client.send(frame('{"type":"request","request_id":12,"request":{"sql":"INSERT"}}'));
    await eventually(() => scene.proxy.struck === 1);
    server?.write('{"type":"response_ok","request_id":1,');
    await client.hears('"request_id":1,');
    const before = client.text;
    server?.write('"request_id":12}');
    expect(await client.ended()).toBe("ECONNRESET");
    expect(client.text).toBe(before);
  });
});
