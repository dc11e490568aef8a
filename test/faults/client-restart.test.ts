import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seededRandom } from "#dist/core/random.js";
import { createPool, type PooledClient } from "#dist/index.js";
import { fateOf, type Fate } from "../support/client-scene.js";
import { eventually } from "../support/eventually.js";
import { httpAnswer, onRequest, SELECT_1 } from "../support/raw-server.js";
import { serve } from "../support/servers.js";

describe.each(["http", "ws"] as const)("a server that is killed and restarted, over %s", (scheme) => {
  it("is used again by the same client: no read fails, no write is lost or doubled", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    const databaseFile = join(folder, "test.db");
    const first = await serve(scheme, { databaseFile });
    const client = createPool({ url: first.url, maxConnections: 5 });
    await client.execute("CREATE TABLE writes (key TEXT)");
    const reads: Fate[] = [];
    const writes = new Map<string, Fate>();
    let running = true;
    const callers = Array.from({ length: 10 }, async (_, caller) => {
      for (let count = 0; running; count++) {
        const key = `${caller}-${count}`;
        reads.push(await fateOf(client.execute("SELECT count(*) FROM items")));
        writes.set(key, await fateOf(client.execute({ sql: "INSERT INTO writes VALUES (?)", args: [key] })));
      }
    });
    await eventually(() => writes.size > 50);
    process.kill(first.server.pid, "SIGKILL");
    await first.server.exited;
    await using second = await serve(scheme, { databaseFile, port: first.server.port });
    const soFar = writes.size;
    await eventually(() => writes.size > soFar + 100);
    running = false;
    await Promise.all(callers);

    expect(reads.filter(({ kind }) => kind === "failed")).toEqual([]);
    const failed = [...writes.values()].filter(({ kind }) => kind === "failed");
    const unknown = { kind: "failed", code: "CONNECTION_CLOSED", outcome: "unknown" };
    expect(failed).toEqual(failed.map(() => unknown));
    expect(failed.length).toBeLessThanOrEqual(5);
    const { rows } = await client.execute("SELECT key, count(*) FROM writes GROUP BY key");
    const found = new Map(rows.map((row) => [row[0], row[1]]));
    for (const [key, { kind }] of writes) {
      if (kind === "answered") expect([key, found.get(key)]).toEqual([key, 1]);
    }
    expect([...found.values()].filter((times) => times !== 1)).toEqual([]);
    expect((await second.server.metrics()).socketsAccepted).toBeLessThanOrEqual(5);
    await client.close();
    await first.server.close();
    await rm(folder, { recursive: true });
  });
});

/** A server of which only the connections count: it answers every request as if it was `SELECT 1`. */
class Restartable {
  readonly accepts: number[] = [];
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  /** Answers nothing. */
  silent = false;
  port = 0;

  async start(): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => {
      this.accepts.push(performance.now());
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => this.#sockets.delete(socket));
      onRequest(socket, () => this.silent || socket.write(httpAnswer(SELECT_1)));
    });
    await new Promise<void>((resolve) => server.listen(this.port, "127.0.0.1", resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server?.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

const FLEET = 50;
const SLICE_MS = 50;

/** How many connections came in the slice in which most of them came. */
function crowdOf(accepts: readonly number[]): number {
  const slices = new Map<number, number>();
  for (const at of accepts) {
    const slice = Math.floor(at / SLICE_MS);
    slices.set(slice, (slices.get(slice) ?? 0) + 1);
  }
  return Math.max(...slices.values());
}

describe("when a server restarts, a fleet of 50 clients", () => {
  const fleet = async () => {
    const server = new Restartable();
    await server.start();
    const clients = Array.from({ length: FLEET }, (_, seed) => {
      const url = `http://127.0.0.1:${server.port}`;
      return createPool({ url, maxConnections: 1, random: seededRandom(seed + 1) });
    });
    await askAll(clients);
    server.accepts.length = 0;
    return {
      server,
      clients,
      [Symbol.asyncDispose]: async () => {
        for (const client of clients) await client.close();
        await server.stop();
      },
    };
  };
  const askAll = (clients: readonly PooledClient[]): Promise<Fate[]> =>
    Promise.all(clients.map((client) => fateOf(client.execute("SELECT 1"))));
  const ANSWERED = Array.from({ length: FLEET }, () => ({ kind: "answered" }));

  it("that idles comes back spread over time, each with one connection", async () => {
    await using scene = await fleet();
    const { server, clients } = scene;
    await server.stop();
    await server.start();
    await eventually(() => server.accepts.length >= FLEET);
    await eventually(() => clients.every((client) => client.statistics().idleConnections === 1));
    expect(server.accepts).toHaveLength(FLEET);
    expect(crowdOf(server.accepts)).toBeLessThan(FLEET / 2);
    expect(await askAll(clients)).toEqual(ANSWERED);
    expect(server.accepts).toHaveLength(FLEET);
  });

  it("that is in the middle of reads comes back spread over time, each with one connection, and reads on", async () => {
    await using scene = await fleet();
    const { server, clients } = scene;
    server.silent = true;
    const asked = Promise.all(
      clients.map((client) => fateOf(client.with({ idempotent: true }).execute("SELECT 1"))),
    );
    await eventually(() => clients.every((client) => client.statistics().activeConnections === 1));
    await server.stop();
    server.silent = false;
    await server.start();
    expect(await asked).toEqual(ANSWERED);
    expect(server.accepts).toHaveLength(FLEET);
    expect(crowdOf(server.accepts)).toBeLessThan(FLEET);
  });
});
