import { describe, expect, it } from "vitest";
import { pooledClient } from "../../support/client-fixture.js";
import { UNPARSABLE } from "../../support/fake-libsql.js";
import { settle, watch } from "../../support/pool-fixture.js";

const A = "INSERT INTO t VALUES ('a')";
const B = "INSERT INTO t VALUES ('b')";

describe("a transaction", () => {
  it("holds one connection until it is committed", async () => {
    const { client, database } = pooledClient();
    const transaction = await client.transaction();
    await transaction.execute(A);
    expect(client.statistics()).toMatchObject({ activeConnections: 1 });
    await transaction.execute(B);
    await transaction.commit();
    expect(database.executed).toEqual([A, B]);
    expect(transaction.closed).toBe(true);
    expect(client.statistics()).toMatchObject({ activeConnections: 0, idleConnections: 1 });
    await expect(transaction.commit()).rejects.toMatchObject({ code: "TRANSACTION_CLOSED" });
    await transaction.rollback();
    transaction.close();
  });

  it.each(["rollback", "close"] as const)("gives its connection back on %s", async (end) => {
    const { client, database } = pooledClient();
    const transaction = await client.transaction();
    await transaction.execute(A);
    await transaction[end]();
    expect(database.executed).toEqual([]);
    expect(client.statistics()).toMatchObject({ activeConnections: 0, idleConnections: 1 });
  });

  it.each(["lost-before", "lost-after", "hang", "unsent"] as const)(
    "is dead after a statement whose fate was %s, and every later call says so",
    async (fate) => {
      const { client, database, clock } = pooledClient({ operationTimeout: 500 });
      const transaction = await client.transaction();
      await transaction.execute(A);
      database.fates = [fate];
      const call = watch(transaction.execute(B));
      await clock.advance(500);
      expect(call.state).toBe("rejected");
      expect(transaction.closed).toBe(true);
      const dead = { code: "TRANSACTION_CLOSED", cause: call.error };
      await expect(transaction.execute(B)).rejects.toMatchObject(dead);
      await expect(transaction.batch([B])).rejects.toMatchObject(dead);
      await expect(transaction.executeMultiple(B)).rejects.toMatchObject(dead);
      await expect(transaction.commit()).rejects.toMatchObject(dead);
      await expect(transaction.rollback()).rejects.toMatchObject(dead);
      transaction.close();
      expect(database.executed).toEqual([]);
      expect(client.statistics()).toMatchObject({ activeConnections: 0 });
    },
  );

  it("is dead as soon as its connection is lost, without being asked", async () => {
    const { client, database } = pooledClient();
    const transaction = await client.transaction();
    await transaction.execute(A);
    expect(() => database.connections[0]?.drop()).toThrow();
    expect(transaction.closed).toBe(true);
    await expect(transaction.execute(B)).rejects.toMatchObject({ code: "TRANSACTION_CLOSED" });
    expect(client.statistics()).toMatchObject({ activeConnections: 0 });
  });

  it("executes nothing in autocommit when an error has rolled it back", async () => {
    const { client, database } = pooledClient();
    const transaction = await client.transaction();
    await transaction.execute(A);
    await expect(transaction.execute("INSERT OR ROLLBACK INTO t")).rejects.toMatchObject({
      code: "SQLITE_ERROR",
    });
    await expect(transaction.execute(B)).rejects.toMatchObject({ code: "TRANSACTION_CLOSED" });
    expect(database.executed).toEqual([]);
    expect(transaction.closed).toBe(true);
  });

  it("executes nothing in autocommit that was asked for together with what has rolled it back", async () => {
    const { client, database } = pooledClient();
    const transaction = await client.transaction();
    const calls = [A, "INSERT OR ROLLBACK INTO t", B, B].map((sql) => transaction.execute(sql));
    const settled = await Promise.allSettled(calls);
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected", "rejected"]);
    expect(database.executed).toEqual([]);
  });

  it("goes on after an error that has not rolled it back", async () => {
    const { client, database } = pooledClient();
    const transaction = await client.transaction();
    await transaction.execute(A);
    database.fates = ["sql"];
    await expect(transaction.execute("SELEC")).rejects.toMatchObject({ code: "SQLITE_ERROR" });
    await transaction.execute(B);
    await transaction.commit();
    expect(database.executed).toEqual([A, B]);
  });

  it("that was refused from its BEGIN has nothing to roll back, and executes nothing", async () => {
    const { client, database } = pooledClient();
    const transaction = await client.transaction();
    const refused = await transaction.execute(UNPARSABLE).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "SQLITE_ERROR" });
    expect(transaction.closed).toBe(true);
    const dead = { code: "TRANSACTION_CLOSED", cause: refused };
    await expect(transaction.execute(B)).rejects.toMatchObject(dead);
    await expect(transaction.commit()).rejects.toMatchObject(dead);
    await transaction.rollback();
    expect(database.executed).toEqual([]);
    expect(client.statistics()).toMatchObject({ activeConnections: 0, idleConnections: 1 });
  });

  it("whose COMMIT was lost does not say that it was not executed", async () => {
    const { client, database } = pooledClient();
    const transaction = await client.transaction();
    await transaction.execute(A);
    database.fates = ["lost-after"];
    await expect(transaction.commit()).rejects.toMatchObject({
      code: "CONNECTION_CLOSED",
      outcome: "unknown",
    });
    expect(database.executed).toEqual([A]);
    await expect(transaction.rollback()).rejects.toMatchObject({ code: "TRANSACTION_CLOSED" });
  });

  it.each(["COMMIT", "end transaction", "ROLLBACK", "-- so be it\nCOMMIT;"])(
    "is over after %j as text",
    async (sql) => {
      const { client } = pooledClient();
      const transaction = await client.transaction();
      await transaction.execute(sql);
      expect(transaction.closed).toBe(true);
      await expect(transaction.execute(A)).rejects.toMatchObject({ code: "TRANSACTION_CLOSED" });
      expect(client.statistics()).toMatchObject({ activeConnections: 0 });
    },
  );

  it.each([
    "ROLLBACK TO sp",
    "ROLLBACK TRANSACTION TO SAVEPOINT sp",
    "SELECT 'commit'",
    "INSERT INTO ends VALUES (1)",
  ])("is not over after %j", async (sql) => {
    const { client } = pooledClient();
    const transaction = await client.transaction();
    await transaction.execute(sql);
    expect(transaction.closed).toBe(false);
  });

  it("whose caller has given up says that it is lost, and of what it had not begun that it was not executed", async () => {
    const { client, database } = pooledClient();
    const caller = new AbortController();
    const transaction = await client.with({ signal: caller.signal }).transaction();
    database.fates = ["hang"];
    const first = watch(transaction.execute(A));
    const second = watch(transaction.execute(B));
    await settle();
    caller.abort();
    await settle();
    expect(first.error).toMatchObject({ code: "ABORTED", outcome: "unknown" });
    expect(second.error).toMatchObject({ code: "ABORTED", outcome: "not executed" });
    expect(transaction.closed).toBe(true);
    await expect(transaction.execute(B)).rejects.toMatchObject({
      code: "TRANSACTION_CLOSED",
      outcome: "not executed",
    });
  });

  it("that is closed in the middle of a statement takes its connection with it", async () => {
    const { client, database } = pooledClient();
    const transaction = await client.transaction();
    database.fates = ["hang"];
    const call = watch(transaction.execute(A));
    await settle();
    transaction.close();
    await settle();
    expect(call.state).toBe("rejected");
    expect(database.open).toHaveLength(0);
    expect(database.executed).toEqual([]);
  });

  it("that was forgotten is told of with the place where it was opened, and can be taken back", async () => {
    const { client, database, clock } = pooledClient({ leakThreshold: 1_000, reclaimLeaks: true });
    const told: (string | undefined)[] = [];
    client.on("leakSuspected", ({ heldBy }) => told.push(heldBy));
    async function forgetful() {
      return client.transaction();
    }
    const transaction = await forgetful();
    await transaction.execute(A);
    await clock.advance(2_000);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("forgetful");
    expect(transaction.closed).toBe(true);
    await expect(transaction.execute(B)).rejects.toMatchObject({ code: "TRANSACTION_CLOSED" });
    expect(database.executed).toEqual([]);
    expect(client.statistics()).toMatchObject({ activeConnections: 0, idleConnections: 1 });
  });
});
