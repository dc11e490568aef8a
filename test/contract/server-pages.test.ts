import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import type { EmbeddedServer } from "#dist/server/embedded-server.js";
import { describe, expect, test } from "vitest";
import { onTestEnd, post, sharedServer, startServer } from "./server-support.js";

async function get(server: EmbeddedServer, path: string): Promise<readonly [number, string]> {
  const response = await fetch(server.url("http") + path);
  return [response.status, await response.text()];
}

/** What the server says to bytes on a plain socket, until it closes. */
function sendRaw(server: EmbeddedServer, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect(server.port, server.host, () => socket.write(bytes, "latin1"));
    socket.setEncoding("latin1").on("data", (data: string) => (answer += data));
    socket.on("close", () => resolve(answer)).on("error", () => undefined);
  });
}

describe("pages", () => {
  const shared = sharedServer();

  test("health, version, index and metrics", async () => {
    const server = await startServer();
    expect(await get(server, "/health")).toEqual([200, ""]);
    expect((await get(server, "/version"))[1]).toMatch(/sqld/);
    for (const path of ["/v1", "/v2", "/v3"]) expect((await get(server, path))[0]).toBe(200);
    await post(server, "/v1/execute", { stmt: { sql: "SELECT 1" } });
    const [status, text] = await get(server, "/metrics");
    expect(status).toBe(200);
    expect(text).toContain("\nturso_pool_server_statements_total 1\n");
    expect(text).toMatch(/^turso_pool_server_sockets_open [1-9]\d*$/m);
  });

  test("asking for metrics over the channel changes nothing that is counted", async () => {
    const server = await startServer();
    const [before, after] = [await server.metrics(), await server.metrics()];
    expect(after).toEqual(before);
    expect(before.socketsAccepted).toBe(0);
  });

  test.each([
    ["GET", "/nope", 404],
    ["POST", "/nope", 404],
    ["GET", "/", 404],
    ["GET", "/v2/pipeline", 405],
    ["POST", "/health", 405],
    ["POST", "/v3-protobuf/pipeline", 404],
  ])("%s %s is %i", async (method, path, status) => {
    expect((await fetch(shared().url("http") + path, { method })).status).toBe(status);
  });
});

describe("connections", () => {
  test("are kept open between requests, and nothing tells clients to close them", async () => {
    const server = await startServer();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestEnd(() => agent.destroy());
    const ask = () =>
      new Promise<NodeJS.Dict<string | string[]>>((resolve, reject) => {
        httpRequest(`${server.url("http")}/health`, { agent }, (response) => {
          response.resume().on("end", () => resolve(response.headers));
        })
          .on("error", reject)
          .end();
      });
    expect((await ask())["keep-alive"]).toBeUndefined();
    // Node's own default would have closed it after five seconds.
    await new Promise((resolve) => setTimeout(resolve, 5_300));
    expect((await ask()).connection).toBe("keep-alive");
    expect((await server.metrics()).socketsAccepted).toBe(1);
  });

  test("that do not speak HTTP are told so and closed", async () => {
    const server = await startServer();
    expect(await sendRaw(server, "\x16\x03\x01\x02\0 hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
    expect(
      await sendRaw(server, `GET / HTTP/1.1\r\nHost: localhost\r\nA: ${"a".repeat(40_000)}\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 431 /);
    const notUtf8 =
      "POST /v2/pipeline HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\n";
    expect(await sendRaw(server, `${notUtf8}\xff\xfe`)).toMatch(/^HTTP\/1\.1 400 [^]*not UTF-8$/);
    expect((await get(server, "/health"))[0]).toBe(200);
  });
});
