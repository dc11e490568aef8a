import { createClient, type Client, type ResultSet } from "@libsql/client";
import {
  createPool,
  SocketObserver,
  type LibsqlConnection,
  type PooledClient,
  type PooledClientOptions,
} from "#dist/index.js";
import { FaultProxy } from "#dist/rehearse/proxy/fault-proxy.js";
import type { EmbeddedServer, EmbeddedServerOptions } from "#dist/server/embedded-server.js";
import { eventually } from "./eventually.js";
import { serve } from "./servers.js";

/** A server behind a fault proxy, a pooled client that uses it, and a way past the proxy. */
export interface ClientScene extends AsyncDisposable {
  readonly server: EmbeddedServer;
  readonly proxy: FaultProxy;
  /** Through the proxy. */
  readonly url: string;
  readonly client: PooledClient;
  /** Sockets that the client has open now, and the most that it had. */
  readonly sockets: { readonly open: number; readonly most: number };
  /** Bytes that its sockets have sent. */
  readonly bytesSent: number;
  /** Asks the server past the proxy. */
  ask(sql: string): Promise<ResultSet>;
  /** A plain client through the proxy, closed in the end. */
  plain(): Client;
}

export async function clientScene(
  scheme: "ws" | "http",
  options: Omit<PooledClientOptions, "url" | "sockets"> = {},
  serverOptions: EmbeddedServerOptions = {},
): Promise<ClientScene> {
  const { server, url: direct } = await serve(scheme, serverOptions);
  const proxy = await FaultProxy.listen({ host: "127.0.0.1", port: server.port });
  const url = `${scheme}://127.0.0.1:${proxy.port}`;
  let most = 0;
  const opened: LibsqlConnection[] = [];
  const group = new SocketObserver().group({
    opened: ({ connection }) => {
      if (connection) opened.push(connection as LibsqlConnection);
      most = Math.max(most, group.open);
    },
  });
  const client = createPool({ url, sockets: group, ...options });
  const past = createClient({ url: direct.replace(/^ws/, "http") });
  const plain: Client[] = [];
  return {
    server,
    proxy,
    url,
    client,
    sockets: {
      get open() {
        return group.open;
      },
      get most() {
        return most;
      },
    },
    get bytesSent() {
      return opened.reduce((sum, connection) => sum + (connection.bytesSent ?? 0), 0);
    },
    ask: (sql) => past.execute(sql),
    plain: () => {
      const made = createClient({ url });
      plain.push(made);
      return made;
    },
    [Symbol.asyncDispose]: async () => {
      for (const one of plain) one.close();
      past.close();
      await client.close();
      await proxy.heal();
      await eventually(() => group.open === 0);
      await proxy.close();
      await server.close();
    },
  };
}

/** What became of a call: what it gave, or its error's code and outcome. */
export type Fate =
  { readonly kind: "answered" } | { readonly kind: "failed"; code: unknown; outcome: unknown };

export async function fateOf(call: Promise<unknown>): Promise<Fate> {
  try {
    await call;
    return { kind: "answered" };
  } catch (error) {
    const { code, outcome } = error as { code?: unknown; outcome?: unknown };
    return { kind: "failed", code, outcome };
  }
}

/** Runs tasks, so many at one time, in order. */
export async function atATime<T>(most: number, tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < tasks.length; at = next++) {
      const task = tasks[at];
      if (task) results[at] = await task();
    }
  };
  await Promise.all(Array.from({ length: most }, worker));
  return results;
}
