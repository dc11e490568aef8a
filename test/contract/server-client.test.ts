import { type Client, createClient } from "@libsql/client";
import { describe, expect, test } from "vitest";
import { onTestEnd, startServer } from "./server-support.js";

describe.each(["ws", "http"] as const)("@libsql/client over %s", (scheme) => {
  async function connect(): Promise<Client> {
    const server = await startServer();
    const client = createClient({ url: server.url(scheme), intMode: "bigint" });
    onTestEnd(() => client.close());
    return client;
  }

  test("gets every kind of value back as it went", async () => {
    const client = await connect();
    const blob = new Uint8Array([0, 1, 254, 255]).buffer;
    const args = [2n ** 63n - 1n, -0.25, "zażółć 🎈", blob, null];
    const { rows, columns } = await client.execute({
      sql: "SELECT ? AS i, ? AS f, ? AS t, ? AS b, ? AS n",
      args,
    });
    expect(columns).toEqual(["i", "f", "t", "b", "n"]);
    expect(Array.from(rows[0] ?? [])).toEqual(args);
  });

  test("writes in a batch wholly or not at all", async () => {
    const client = await connect();
    const [deleted] = await client.batch(["DELETE FROM items WHERE id <= 10", "SELECT 1"], "write");
    expect(deleted?.rowsAffected).toBe(10);
    await expect(
      client.batch(["DELETE FROM items", "INSERT INTO items (id) VALUES (1)"], "write"),
    ).rejects.toMatchObject({ code: "SQLITE_CONSTRAINT" });
    expect((await client.execute("SELECT count(*) AS n FROM items")).rows[0]?.n).toBe(9_990n);
  });

  test("has interactive transactions, one writer after another", async () => {
    const client = await connect();
    const first = await client.transaction("write");
    await first.execute("DELETE FROM items WHERE id = 1");
    const second = client.transaction("write").then(async (transaction) => {
      await transaction.execute("DELETE FROM items WHERE id = 2");
      await transaction.rollback();
    });
    expect((await client.execute("SELECT count(*) AS n FROM items")).rows[0]?.n).toBe(10_000n);
    await first.commit();
    await second;
    expect((await client.execute("SELECT count(*) AS n FROM items")).rows[0]?.n).toBe(9_999n);
  });

  test("ends a transaction that came too late to write with a commit, and goes on", async () => {
    const client = await connect();
    const late = await client.transaction("deferred");
    await late.execute("SELECT count(*) FROM items");
    await client.execute("DELETE FROM items WHERE id = 1");
    await expect(late.execute("DELETE FROM items WHERE id = 2")).rejects.toMatchObject({
      code: "SQLITE_BUSY",
    });
    await late.commit();
    expect(late.closed).toBe(true);
    expect((await client.execute("DELETE FROM items WHERE id = 2")).rowsAffected).toBe(1);
  });

  test("runs scripts, and hears what was wrong with one", async () => {
    const client = await connect();
    await client.executeMultiple("CREATE TABLE t (a); INSERT INTO t VALUES (1); INSERT INTO t VALUES (2);");
    await expect(client.executeMultiple("INSERT INTO t VALUES (3); SELECT nope;")).rejects.toMatchObject({
      code: "SQL_INPUT_ERROR",
    });
    expect((await client.execute("SELECT sum(a) AS s FROM t")).rows[0]?.s).toBe(6n);
  });

  test("needs a handle or two, and no more sockets, for hundreds of statements", async () => {
    const server = await startServer();
    const client = createClient({ url: server.url(scheme) });
    onTestEnd(() => client.close());
    for (let count = 0; count < 500; count++) await client.execute("SELECT 1");
    const metrics = await server.metrics();
    expect(metrics).toMatchObject({ statements: 500, streamsOpened: 500 });
    // A client asks for the next stream before it has heard that the last one is closed.
    expect(metrics.handlesOpened).toBeLessThanOrEqual(2);
    expect(metrics.socketsAccepted).toBeLessThanOrEqual(2);
  });
});
