import { describe, expect, it } from "vitest";
import type { PooledClientError } from "../../../src/pool/client/client-error.js";
import { pooledClient } from "../../support/client-fixture.js";
import { settle, watch } from "../../support/pool-fixture.js";

const WRITE = "INSERT INTO t VALUES (1)";
const READ = "SELECT 1";

function errorOf(watched: { error?: unknown }): PooledClientError {
  return watched.error as PooledClientError;
}

describe("a statement that failed", () => {
  it("is sent again when nothing of it had gone out", async () => {
    const { client, database } = pooledClient();
    database.fates = ["unsent"];
    await client.execute(WRITE);
    expect(database.executed).toEqual([WRITE]);
  });

  it.each(["lost-before", "lost-after"] as const)(
    "is not sent again when it writes and had gone out (%s), and the caller is told that nobody knows",
    async (fate) => {
      const { client, database } = pooledClient();
      database.fates = [fate];
      await expect(client.execute(WRITE)).rejects.toMatchObject({
        code: "CONNECTION_CLOSED",
        outcome: "unknown",
      });
      expect(database.executed).toEqual(fate === "lost-after" ? [WRITE] : []);
      expect(database.asked).toBe(0);
    },
  );

  it("is sent again when it only reads by the engine's own word", async () => {
    const { client, database } = pooledClient();
    database.fates = ["lost-after", "lost-before"];
    await client.execute(READ);
    expect(database.executed).toEqual([READ, READ]);
    expect(database.asked).toBe(2);
  });

  it("is not sent again when it reads by its looks alone", async () => {
    const { client, database } = pooledClient();
    const looks = "VALUES (1)";
    database.fates = ["lost-before"];
    await expect(client.execute(looks)).rejects.toMatchObject({
      code: "CONNECTION_CLOSED",
      outcome: "unknown",
    });
    expect(database).toMatchObject({ executed: [], asked: 1 });
  });

  it("is sent again when the caller says that it is idempotent", async () => {
    const { client, database } = pooledClient();
    database.fates = ["lost-after"];
    await client.with({ idempotent: true }).execute(WRITE);
    expect(database).toMatchObject({ executed: [WRITE, WRITE], asked: 0 });
  });

  it("is not sent again when the database has answered", async () => {
    const { client, database } = pooledClient();
    database.fates = ["sql"];
    await expect(client.with({ idempotent: true }).execute(READ)).rejects.toMatchObject({
      code: "SQLITE_ERROR",
      name: "LibsqlError",
    });
    expect(database.executed).toEqual([]);
  });

  it("waits as long as a server that is busy asks for", async () => {
    const { client, database, clock } = pooledClient();
    database.fates = ["busy", "busy"];
    const call = watch(client.execute(WRITE));
    await clock.advance(1_999);
    expect(call.state).toBe("pending");
    await clock.advance(1);
    expect(call.state).toBe("resolved");
    expect(database.executed).toEqual([WRITE]);
  });

  it("is told at once when the server asks to wait beyond the deadline", async () => {
    const { client, database } = pooledClient({ operationTimeout: 900 });
    database.fates = ["busy"];
    await expect(client.execute(WRITE)).rejects.toMatchObject({
      code: "SERVER_ERROR",
      outcome: "not executed",
    });
  });

  it("is sent again twice unless told otherwise, and then given up", async () => {
    const { client, database } = pooledClient();
    database.fate = "lost-before";
    await expect(client.execute(READ)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    expect(database.connections).toHaveLength(3);
  });

  it("is never sent again when maxRetries is 0", async () => {
    const { client, database } = pooledClient({ maxRetries: 0 });
    database.fate = "unsent";
    await expect(client.execute(READ)).rejects.toMatchObject({
      code: "CONNECTION_CLOSED",
      outcome: "not executed",
    });
    expect(database.connections).toHaveLength(1);
  });

  it("of a transaction is never sent again", async () => {
    const { client, database } = pooledClient();
    const transaction = await client.with({ idempotent: true }).transaction();
    database.fates = ["lost-before"];
    await expect(transaction.execute(READ)).rejects.toMatchObject({ code: "CONNECTION_CLOSED" });
    expect(database.connections).toHaveLength(1);
  });

  it("is executed once with a new token when the old one is refused, where another can be had", async () => {
    const { client, database } = pooledClient({}, { rotates: true });
    database.fates = ["refused-token"];
    await client.execute(WRITE);
    expect(database.executed).toEqual([WRITE]);
    database.fate = "refused-token";
    await expect(client.execute(WRITE)).rejects.toMatchObject({
      code: "AUTH_REJECTED",
      outcome: "not executed",
    });
    expect(database.connections).toHaveLength(3);
  });
});

describe("while most things fail", () => {
  it("hardly anything is sent twice", async () => {
    const { client, database } = pooledClient({ maxRetries: 5 });
    database.fate = "broken";
    const calls = 100;
    for (let i = 0; i < calls; i++) await client.execute(READ).catch(() => undefined);
    // Ten to begin with, and none earned.
    expect(database.executed).toHaveLength(calls + 10);
    database.fate = "answer";
    for (let i = 0; i < calls; i++) await client.execute(READ);
    database.executed.length = 0;
    database.fate = "broken";
    for (let i = 0; i < calls; i++) await client.execute(READ).catch(() => undefined);
    expect(database.executed).toHaveLength(calls + 10);
  });
});

describe("while a server says when to come again", () => {
  it("everybody does, however many they are", async () => {
    const { client, database, clock } = pooledClient();
    database.fate = "busy";
    const calls = Array.from({ length: 100 }, (_, i) => watch(client.execute(`INSERT ${i}`)));
    await clock.advance(900);
    database.fate = "answer";
    await clock.advance(200);
    expect(calls.map(({ state }) => state)).toEqual(calls.map(() => "resolved"));
    expect(new Set(database.executed).size).toBe(100);
    expect(database.executed).toHaveLength(100);
  });
});

describe("when no connection can be had", () => {
  it("a call looks for one for connectionTimeout, and then says why", async () => {
    const { client, database, clock } = pooledClient({ connectionTimeout: 3_000 });
    database.opens = { then: "fail", error: new Error("refused") };
    const call = watch(client.execute(WRITE));
    await clock.advance(6_000);
    expect(call.state).toBe("rejected");
    expect(errorOf(call)).toMatchObject({ code: "OPEN_FAILED", outcome: "not executed" });
    expect(errorOf(call).message).toContain("refused");
  });

  it("is executed once when the server is back", async () => {
    const { client, database, clock } = pooledClient();
    database.opens = { then: "fail" };
    const calls = Array.from({ length: 30 }, (_, i) => watch(client.execute(`INSERT ${i}`)));
    await clock.advance(2_000);
    database.opens = {};
    await clock.advance(4_000);
    expect(calls.map(({ state }) => state)).toEqual(calls.map(() => "resolved"));
    expect(new Set(database.executed).size).toBe(30);
    expect(database.executed).toHaveLength(30);
  });

  it("many callers make one attempt at a time, each later than the one before", async () => {
    const { client, database, clock } = pooledClient({}, { random: () => 1 });
    database.opens = { then: "fail", after: 10 };
    for (let i = 0; i < 50; i++) client.execute(READ).catch(() => undefined);
    await clock.advance(4_000);
    // All ten places at first, before anybody knows; then one after the other.
    const [first = 0] = database.openedAt;
    const later = database.openedAt.filter((at) => at > first + 50);
    expect(database.openedAt.length - later.length).toBeLessThanOrEqual(10);
    expect(new Set(later).size).toBe(later.length);
    expect(later.length).toBeLessThanOrEqual(6);
    await client.close();
    await settle();
  });
});
