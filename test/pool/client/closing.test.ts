import { describe, expect, it } from "vitest";
import { pooledClient } from "../../support/client-fixture.js";
import { settle, watch } from "../../support/pool-fixture.js";

const WRITE = "INSERT INTO t VALUES (1)";

describe("a client that is closed", () => {
  it("refuses every call with CLIENT_CLOSED, and says that it is closed", async () => {
    const { client } = pooledClient();
    const closing = client.close();
    expect(client.closed).toBe(true);
    const refused = { code: "CLIENT_CLOSED", outcome: "not executed" };
    await expect(client.execute(WRITE)).rejects.toMatchObject(refused);
    await expect(client.batch([WRITE])).rejects.toMatchObject(refused);
    await expect(client.transaction()).rejects.toMatchObject(refused);
    await expect(client.with({ idempotent: true }).execute(WRITE)).rejects.toMatchObject(refused);
    await closing;
    await client.close();
  });

  it("ends what is under way and what waits, at once", async () => {
    const { client, database } = pooledClient({ maxConnections: 1 });
    database.fates = ["hang"];
    const calls = [watch(client.execute(WRITE)), watch(client.execute(WRITE))];
    await settle();
    await client.close();
    expect(calls[0]?.error).toMatchObject({ code: "CLIENT_CLOSED", outcome: "unknown" });
    expect(calls[1]?.error).toMatchObject({ code: "CLIENT_CLOSED", outcome: "not executed" });
    expect(database.open).toHaveLength(0);
  });

  it("lets what is under way finish when it is told to wait", async () => {
    const { client, database, clock } = pooledClient({ maxConnections: 2, operationTimeout: 10_000 });
    database.fates = ["busy", "answer", "hang"];
    const calls = [watch(client.execute("1")), watch(client.execute("2")), watch(client.execute("3"))];
    await settle();
    const closed = watch(client.close({ timeout: 5_000 }));
    await clock.advance(4_999);
    expect(calls.map(({ state }) => state).sort()).toEqual(["pending", "resolved", "resolved"]);
    expect(closed.state).toBe("pending");
    await clock.advance(1);
    expect(closed.state).toBe("resolved");
    expect(calls.map(({ state }) => state)).not.toContain("pending");
  });

  it("rolls its open transactions back", async () => {
    const { client, database } = pooledClient();
    const transaction = await client.transaction();
    await transaction.execute(WRITE);
    await client.close();
    expect(transaction.closed).toBe(true);
    await expect(transaction.execute(WRITE)).rejects.toMatchObject({ code: "TRANSACTION_CLOSED" });
    expect(database.executed).toEqual([]);
    expect(database.open).toHaveLength(0);
  });

  it("begins anew with reconnect(), and its listeners are told of the new connections", async () => {
    const { client, database } = pooledClient();
    let opened = 0;
    client.on("opened", () => opened++);
    await client.execute(WRITE);
    await client.close();
    await client.reconnect();
    expect(client.closed).toBe(false);
    await client.execute(WRITE);
    expect(database.executed).toEqual([WRITE, WRITE]);
    expect(database.open).toHaveLength(1);
    await settle();
    expect(opened).toBe(2);
  });

  it("ends what is under way with reconnect(), and leaves no old connection open", async () => {
    const { client, database } = pooledClient();
    database.fates = ["hang"];
    const call = watch(client.execute(WRITE));
    await settle();
    await client.reconnect();
    expect(call.error).toMatchObject({ code: "CLIENT_CLOSED" });
    expect(database.open).toHaveLength(0);
    await client.close();
  });

  it("closes by itself at the end of its scope, when all is done", async () => {
    const made = pooledClient();
    {
      await using client = made.client;
      await client.execute(WRITE);
    }
    expect(made.client.closed).toBe(true);
    expect(made.database.open).toHaveLength(0);
  });
});
