import { describe, expect, it } from "vitest";
import { connector } from "#dist/index.js";
import { FaultProxy } from "#dist/rehearse/proxy/fault-proxy.js";
import { rawServer, onRequest } from "../support/raw-server.js";
import { SCHEMES, serve } from "../support/servers.js";

describe("a connection via a proxy", () => {
  it.each(SCHEMES)("goes through it, and is the target's by name and certificate: %s", async (scheme) => {
    await using target = await serve(scheme);
    await using proxy = await FaultProxy.listen({ host: "127.0.0.1", port: target.server.port });
    // A port that nobody listens on: the proxy knows where to go.
    const url = target.url.replace(/:\d+$/, ":1");
    const open = connector({ url, ca: target.ca, via: { host: "127.0.0.1", port: proxy.port } });
    const connection = await open(AbortSignal.timeout(10_000));
    const { rows } = await connection.client.execute("SELECT 1 AS one");
    expect(rows[0]?.one).toBe(1);
    expect(proxy.accepted).toBe(1);
    await connection.close();
  });

  it.each(["http", "ws"])("names the target to the server: %s", async (scheme) => {
    const heads: string[] = [];
    await using server = await rawServer((socket) =>
      onRequest(socket, (head) => {
        heads.push(head);
        socket.end("HTTP/1.1 503 No\r\ncontent-length: 0\r\n\r\n");
      }),
    );
    const via = { host: "127.0.0.1", port: server.port };
    const open = connector({ url: `${scheme}://database.example`, via });
    await expect(
      open(AbortSignal.timeout(10_000)).then(({ client }) => client.execute("SELECT 1")),
    ).rejects.toThrow("503");
    expect(heads[0]?.toLowerCase()).toContain("\r\nhost: database.example");
  });
});
