import { connect as connectTls, type TLSSocket } from "node:tls";
import { describe, expect, it } from "vitest";
import { FaultProxy } from "#dist/rehearse/proxy/fault-proxy.js";
import { behindFaultProxy, echo } from "../support/behind-fault-proxy.js";
import { eventually } from "../support/eventually.js";
import { serve, type TestServer } from "../support/servers.js";

const REQUEST = "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n";

/** A TLS client of a real server behind a proxy: what it hears, and how it ends. */
async function tlsClient(proxy: FaultProxy, ca: string | undefined, rejectUnauthorized = true) {
  const socket: TLSSocket = connectTls({
    host: "127.0.0.1",
    port: proxy.port,
    servername: "localhost",
    rejectUnauthorized,
    ...(ca === undefined ? {} : { ca }),
  });
  let end: string | undefined;
  let text = "";
  socket.on("data", (bytes: Buffer) => (text += bytes.toString("latin1")));
  socket.on("error", (error: NodeJS.ErrnoException) => (end ??= error.code));
  socket.on("end", () => (end ??= "FIN"));
  socket.on("close", () => (end ??= "closed"));
  await eventually(() => socket.getPeerX509Certificate() !== undefined || end !== undefined);
  return {
    socket,
    text: () => text,
    end: () => end,
    ask: async (): Promise<void> => {
      const before = text.length;
      socket.write(REQUEST);
      await eventually(() => text.length > before || end !== undefined);
    },
    ended: async (): Promise<string> => {
      await eventually(() => end !== undefined);
      return end ?? "";
    },
  };
}

async function behindProxy(target: TestServer): Promise<FaultProxy> {
  return FaultProxy.listen({ host: "127.0.0.1", port: target.server.port });
}

describe("a fault over TLS", () => {
  it("lets TLS through when there is none", async () => {
    await using target = await serve("https");
    await using proxy = await behindProxy(target);
    const client = await tlsClient(proxy, target.ca);
    await client.ask();
    expect(client.text()).toMatch(/^HTTP\/1\.1 200/);
  });

  it("not-tls: what answers speaks no TLS", async () => {
    await using target = await serve("https");
    await using proxy = await behindProxy(target);
    const open = await tlsClient(proxy, target.ca);
    await open.ask();
    await proxy.inject({ kind: "not-tls" });
    expect(await open.ended()).toBe("ECONNRESET");
    expect(await (await tlsClient(proxy, target.ca)).ended()).toBe("ERR_SSL_WRONG_VERSION_NUMBER");
    await proxy.heal();
    const after = await tlsClient(proxy, target.ca);
    await after.ask();
    expect(after.text()).toMatch(/^HTTP\/1\.1 200/);
  });

  it("not-tls: nor HTTP", async () => {
    await using scene = await behindFaultProxy(echo);
    await scene.proxy.inject({ kind: "not-tls" });
    const client = await scene.client();
    client.send(REQUEST);
    expect(await client.ended()).toBe("FIN");
    expect(client.text).toContain("no service that you know");
    expect(scene.heard()).toBe("");
  });

  it("expired-certificate: is refused by who checks, and goes nowhere with who does not", async () => {
    await using target = await serve("https");
    await using proxy = await behindProxy(target);
    await proxy.inject({ kind: "expired-certificate" });
    const checking = await tlsClient(proxy, undefined);
    expect(await checking.ended()).toMatch(/^(CERT_HAS_EXPIRED|DEPTH_ZERO_SELF_SIGNED_CERT)$/);
    const careless = await tlsClient(proxy, undefined, false);
    await careless.ask();
    await careless.ended();
    expect(careless.text()).toBe("");
    await proxy.heal();
    await eventually(() => proxy.open === 0);
  });

  it("cut-answer: strikes from the second request of a connection on", async () => {
    await using target = await serve("https");
    await using proxy = await behindProxy(target);
    await proxy.inject({ kind: "cut-answer" });
    const client = await tlsClient(proxy, target.ca);
    await client.ask();
    expect(client.text()).toMatch(/^HTTP\/1\.1 200/);
    await client.ask();
    expect(await client.ended()).toBe("ECONNRESET");
    expect(client.text().match(/HTTP\/1\.1 200/g)).toHaveLength(1);
  });

  it("cut-request: spares the handshake, and strikes the first request", async () => {
    await using target = await serve("https");
    await using proxy = await behindProxy(target);
    await proxy.inject({ kind: "cut-request" });
    const client = await tlsClient(proxy, target.ca);
    await client.ask();
    expect(await client.ended()).toBe("ECONNRESET");
    expect(client.text()).toBe("");
    expect(proxy.struck).toBe(1);
  });

  it("corrupt: TLS notices", async () => {
    await using target = await serve("https");
    await using proxy = await behindProxy(target);
    const client = await tlsClient(proxy, target.ca);
    await client.ask();
    const before = client.text();
    await proxy.inject({ kind: "corrupt", oneIn: 10 });
    await client.ask();
    expect(await client.ended()).not.toBe("FIN");
    expect(client.text()).toBe(before);
  });
});
