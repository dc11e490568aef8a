import type { Client } from "@libsql/client";
import { connector, createPool, SocketObserver } from "#dist/index.js";
import type { Random } from "#dist/core/random.js";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { eventually } from "../support/eventually.js";
import { below, fuzz, pick, ROUNDS } from "../support/fuzz.js";
import { lyingServer } from "../support/lying-server.js";
import { unhandled } from "../support/unhandled.js";

/** What a caller does: ends one way or the other, whatever comes back. */
const CALLS: readonly ((client: Client) => Promise<unknown>)[] = [
  (client) => client.execute("SELECT 1"),
  (client) => client.execute({ sql: "SELECT ?, :a", args: [1] }),
  (client) => client.batch(["SELECT 1", "SELECT 2", "INSERT INTO t VALUES (1)"], "write"),
  (client) => client.migrate(["CREATE TABLE t (a)", "CREATE TABLE u (a)"]),
  (client) => client.executeMultiple("SELECT 1; SELECT 2"),
  async (client) => {
    const transaction = await client.transaction("write");
    try {
      await transaction.execute("SELECT 1");
      await transaction.batch(["SELECT 1", "SELECT 2"]);
      await transaction.commit();
    } finally {
      transaction.close();
    }
  },
  async (client) => {
    const transaction = await client.transaction("read");
    await Promise.allSettled([transaction.execute("SELECT 1"), transaction.executeMultiple("SELECT 1")]);
    await transaction.rollback();
  },
];

/** Resolves when a call has ended, in a result or in an error. */
function ended(call: Promise<unknown>): Promise<void> {
  return call.then(
    () => undefined,
    (reason: unknown) => expect(reason).toBeInstanceOf(Error),
  );
}

const AT_ONCE = 20;
const rate = (random: Random): number => pick(random, [0.02, 0.1, 0.3, 1]);

// hrana-client shows on the terminal what it did not expect.
beforeEach(() => void vi.spyOn(console, "dir").mockReturnValue(undefined));
afterEach(() => vi.restoreAllMocks());

describe.each(["http", "ws"])("whatever a server answers over %s", (scheme) => {
  test("each call over a connection ends with it, and nothing is left", async () => {
    const seen = await unhandled(() =>
      fuzz(
        ROUNDS,
        async (random) => {
          await using server = await lyingServer({ random, rate: rate(random) });
          const sockets = new SocketObserver().group();
          const open = connector({ url: `${scheme}://127.0.0.1:${server.port}`, authToken: "t", sockets });
          const connection = await open(AbortSignal.timeout(200)).catch((error: unknown) => {
            expect(error).toBeInstanceOf(Error);
            return undefined;
          });
          if (connection !== undefined) {
            const { client } = connection;
            const calls = Array.from({ length: 6 }, () => ended(pick(random, CALLS)(client)));
            await ended(connection.ping(AbortSignal.timeout(100)));
            calls.push(ended(pick(random, CALLS)(client)));
            await Promise.race([Promise.all(calls), new Promise((resolve) => setTimeout(resolve, 100))]);
            await connection.close();
            await Promise.all(calls);
          }
          await eventually(() => sockets.open === 0 && server.open === 0);
        },
        AT_ONCE,
      ),
    );
    expect(seen).toEqual([]);
  });

  test("each call of a pooled client ends by its deadline, and nothing is left", async () => {
    const seen = await unhandled(() =>
      fuzz(
        ROUNDS / 2,
        async (random) => {
          await using server = await lyingServer({ random, rate: rate(random) });
          const sockets = new SocketObserver().group();
          const client = createPool({
            url: `${scheme}://127.0.0.1:${server.port}`,
            authToken: "t",
            sockets,
            operationTimeout: 150,
            connectionTimeout: 100,
            pingTimeout: 50,
            healthCheckTimeout: 50,
            maxConnections: 1 + below(random, 3),
          });
          await Promise.all(Array.from({ length: 8 }, () => ended(pick(random, CALLS)(client))));
          await client.close();
          expect(sockets.open).toBe(0);
          await eventually(() => server.open === 0);
        },
        AT_ONCE,
      ),
    );
    expect(seen).toEqual([]);
  });
});
