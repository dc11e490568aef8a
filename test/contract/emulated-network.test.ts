import { createHash, randomBytes } from "node:crypto";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { EmulatedNetwork } from "#dist/server/network/emulated-network.js";
import { resolveNetwork, type NetworkOptions } from "#dist/server/network/config.js";
import { describe, expect, test } from "vitest";
import { onTestEnd } from "./server-support.js";

interface Pair {
  /** A client's socket. */
  readonly client: Socket;
  /** What the server has at the other end. */
  readonly server: Socket;
  readonly connectingAt: number;
}

/** A connection through a network, both of its ends in this process. */
async function throughNetwork(options: NetworkOptions): Promise<Pair> {
  const listener = createServer({ allowHalfOpen: true, noDelay: true });
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const { port } = listener.address() as AddressInfo;
  const network = new EmulatedNetwork({ network: resolveNetwork(options), port });
  const at = await network.listen({ host: "127.0.0.1", port: 0 });
  const accepted = new Promise<Socket>((resolve) => listener.once("connection", resolve));
  const connectingAt = performance.now();
  const client = connect({ ...at, allowHalfOpen: true });
  const server = await accepted;
  for (const socket of [client, server]) socket.on("error", () => undefined);
  onTestEnd(async () => {
    await network.close();
    await network.close();
    client.destroy();
    server.destroy();
    await new Promise((resolve) => listener.close(resolve));
  });
  return { client, server, connectingAt };
}

const next = (socket: Socket, event: string): Promise<number> =>
  new Promise((resolve) => socket.once(event, () => resolve(performance.now())));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** All that comes until the other side ends. */
async function digest(socket: Socket): Promise<{ bytes: number; sha: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  socket.on("data", (chunk: Buffer) => {
    hash.update(chunk);
    bytes += chunk.length;
  });
  await next(socket, "end");
  return { bytes, sha: hash.digest("hex") };
}

describe("bytes through a network", () => {
  test("the first take the handshake's round trip and half of one, later ones half of one", async () => {
    const { client, server, connectingAt } = await throughNetwork({ rttMs: 100 });
    client.write("x");
    const firstAt = (await next(server, "data")) - connectingAt;
    expect(firstAt).toBeGreaterThanOrEqual(149.9);
    expect(firstAt).toBeLessThan(250);
    const sentAt = performance.now();
    server.write("y");
    const backAt = (await next(client, "data")) - sentAt;
    expect(backAt).toBeGreaterThanOrEqual(49);
    expect(backAt).toBeLessThan(95);
  });

  test("a client that waits for the handshake itself loses nothing by it", async () => {
    const { client, server } = await throughNetwork({ rttMs: 200 });
    await pause(210);
    const sentAt = performance.now();
    client.write("x");
    const tookUp = (await next(server, "data")) - sentAt;
    expect(tookUp).toBeGreaterThanOrEqual(99.9);
    expect(tookUp).toBeLessThan(190);
  });

  test("all arrive, in order, whatever the jitter, and the end after them", async () => {
    const { client, server } = await throughNetwork({ rttMs: 10, jitterMs: 10 });
    const sent = randomBytes(20 * 2 ** 20);
    const received = digest(server);
    for (let at = 0; at < sent.length; at += 300_000) {
      client.write(sent.subarray(at, at + 300_000));
      if (at % 1_500_000 === 0) await pause(1);
    }
    client.end();
    expect(await received).toEqual({
      bytes: sent.length,
      sha: createHash("sha256").update(sent).digest("hex"),
    });
  });

  test("take their time on a narrow line", async () => {
    const { client, server } = await throughNetwork({ rttMs: 0, bandwidthBytesPerSecond: 1_000_000 });
    const startedAt = performance.now();
    const received = digest(server);
    client.end(randomBytes(500_000));
    expect((await received).bytes).toBe(500_000);
    const took = performance.now() - startedAt;
    expect(took).toBeGreaterThanOrEqual(499);
    expect(took).toBeLessThan(1_000);
  });

  test("are not read faster than the other side reads them", async () => {
    const { client, server } = await throughNetwork({ rttMs: 2 });
    server.pause();
    const sent = 64 * 2 ** 20;
    client.end(Buffer.alloc(sent));
    await pause(1_000);
    // Some MiB are under way, and some more in the kernel's buffers of four sockets.
    expect(client.bytesWritten - client.writableLength).toBeLessThan(sent);
    const received = digest(server);
    server.resume();
    expect((await received).bytes).toBe(sent);
  });
});

describe("the end of a connection travels through a network", () => {
  test("one side can end and go on to read", async () => {
    const { client, server } = await throughNetwork({ rttMs: 20 });
    client.end("question");
    expect((await digest(server)).bytes).toBe(8);
    server.end("an answer, after the end");
    expect((await digest(client)).bytes).toBe(24);
    for (const socket of [client, server]) if (!socket.closed) await next(socket, "close");
  });

  test.each(["client", "server"] as const)("a reset by the %s arrives as one, and late", async (side) => {
    const pair = await throughNetwork({ rttMs: 100 });
    const other = side === "client" ? pair.server : pair.client;
    pair.client.write("x");
    pair.server.resume();
    pair.client.resume();
    await next(pair.server, "data");
    const errors: string[] = [];
    other.on("error", (error: NodeJS.ErrnoException) => errors.push(error.code ?? ""));
    const resetAt = performance.now();
    pair[side].resetAndDestroy();
    const took = (await next(other, "close")) - resetAt;
    expect(errors).toEqual(["ECONNRESET"]);
    expect(took).toBeGreaterThan(45);
  });
});

describe("a middlebox", () => {
  test("ends an idle connection on both sides; what is sent nevertheless is reset", async () => {
    // Before it is open: a busy host may be late to look at the clock afterwards.
    const since = performance.now();
    const { client, server } = await throughNetwork({ rttMs: 10, idleTimeoutMs: 300 });
    client.resume();
    server.resume();
    const ended = await Promise.all([next(client, "end"), next(server, "end")]);
    for (const at of ended) {
      expect(at - since).toBeGreaterThan(290);
      expect(at - since).toBeLessThan(1_000);
    }
    // Node stops to read at the end, and so learns of the reset at the next write.
    while (client.errored === null) {
      client.write("is anybody there?");
      await pause(50);
    }
    expect(client.errored).toMatchObject({ code: expect.stringMatching(/ECONNRESET|EPIPE/) as string });
  });

  test("does not take a transfer for idle, however slow", async () => {
    const { client, server } = await throughNetwork({ bandwidthBytesPerSecond: 50_000, idleTimeoutMs: 200 });
    const received = digest(server);
    client.end(randomBytes(60_000));
    expect((await received).bytes).toBe(60_000);
  });

  test("that forgets lets the client's bytes vanish, and takes its end", async () => {
    const { client, server } = await throughNetwork({ idleTimeoutMs: 200, idleDrop: true });
    const seen: string[] = [];
    for (const event of ["data", "end", "error", "close"]) client.on(event, () => seen.push(event));
    server.resume();
    await next(server, "end");
    client.write("is anybody there?");
    await pause(500);
    client.write("nobody?");
    await pause(100);
    expect(seen).toEqual([]);
    client.end();
    await next(client, "close");
  });
});
