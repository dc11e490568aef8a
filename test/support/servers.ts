import { readFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import {
  startEmbeddedServer,
  type EmbeddedServer,
  type EmbeddedServerOptions,
} from "#dist/server/embedded-server.js";

export type Scheme = "ws" | "wss" | "http" | "https";
export const SCHEMES: readonly Scheme[] = ["ws", "wss", "http", "https"];

/** An embedded server for one scheme, with the URL and what a client needs to trust it. */
export interface TestServer extends AsyncDisposable {
  readonly server: EmbeddedServer;
  readonly url: string;
  /** PEM, when the scheme has TLS. */
  readonly ca: string | undefined;
}

export async function serve(scheme: Scheme, options: EmbeddedServerOptions = {}): Promise<TestServer> {
  const tls = scheme.endsWith("s") && scheme !== "ws";
  const server = await startEmbeddedServer({ ...options, tls: tls ? "self-signed" : "off" });
  return {
    server,
    url: server.url(scheme.startsWith("ws") ? "ws" : "http"),
    ca: server.caFile === undefined ? undefined : readFileSync(server.caFile, "utf8"),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** A port of this machine that takes connections and never says a word. */
export async function blackHole(): Promise<AsyncDisposable & { readonly port: number; open(): number }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("close", () => sockets.delete(socket));
    // Read and thrown away: a socket that is not read never learns that the other side has gone.
    socket.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    open: () => sockets.size,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port of this machine that nobody listens on. */
export async function closedPort(): Promise<number> {
  await using hole = await blackHole();
  return hole.port;
}
