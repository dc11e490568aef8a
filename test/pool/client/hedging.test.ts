import { describe, expect, it } from "vitest";
import { pooledClient } from "../../support/client-fixture.js";
import { settle, watch } from "../../support/pool-fixture.js";

const WRITE = "INSERT INTO t VALUES (1)";
const READ = "SELECT 1";
const options = { operationTimeout: 10_000, pingTimeout: 3_000 };

describe("a statement without an answer", () => {
  it("is asked for over another connection, when it only reads by the engine's own word", async () => {
    const { client, database, clock } = pooledClient(options);
    database.fates = ["hang-unexecuted"];
    const call = watch(client.execute(READ));
    await clock.advance(2_999);
    expect(database.connections).toHaveLength(1);
    await clock.advance(1);
    expect(call.state).toBe("resolved");
    expect(database).toMatchObject({ asked: 1, executed: [READ] });
    // The one that did not answer is not used again.
    expect(database.open).toHaveLength(1);
    expect(client.statistics()).toMatchObject({ activeConnections: 0 });
  });

  it.each([WRITE, "VALUES (1)"])("is waited for to the end, when it may write (%s)", async (sql) => {
    const { client, database, clock } = pooledClient(options);
    database.fates = ["hang"];
    const call = watch(client.execute(sql));
    await clock.advance(9_999);
    expect(call.state).toBe("pending");
    await clock.advance(1);
    expect(call.error).toMatchObject({ code: "OPERATION_TIMEOUT", outcome: "unknown" });
    expect(database.executed).toEqual([sql]);
  });

  it("is asked for again, when the caller says that it is idempotent", async () => {
    const { client, database, clock } = pooledClient(options);
    database.fates = ["hang"];
    const call = watch(client.with({ idempotent: true }).execute(WRITE));
    await clock.advance(3_000);
    expect(call.state).toBe("resolved");
    expect(database).toMatchObject({ asked: 0, executed: [WRITE, WRITE] });
  });

  it("may be answered late, and then the other attempt is let go", async () => {
    const { client, database, clock } = pooledClient(options);
    database.fates = ["slow", "hang-unexecuted"];
    const call = watch(client.execute(READ));
    await clock.advance(3_000);
    expect(database.connections).toHaveLength(2);
    expect(call.state).toBe("pending");
    await clock.advance(1_000);
    expect(call.state).toBe("resolved");
    await settle();
    expect(client.statistics()).toMatchObject({ activeConnections: 0 });
    expect(database.open).toHaveLength(1);
  });

  it("of a transaction is never asked for again", async () => {
    const { client, database, clock } = pooledClient(options);
    const transaction = await client.transaction();
    database.fates = ["hang-unexecuted"];
    const call = watch(transaction.execute(READ));
    await clock.advance(10_000);
    expect(call.error).toMatchObject({ code: "OPERATION_TIMEOUT" });
    expect(database.connections).toHaveLength(1);
  });

  it("makes room for another attempt, when all places wait in vain and nobody hears anything", async () => {
    const { client, database, clock } = pooledClient({ ...options, maxConnections: 2 });
    database.fates = ["hang-unexecuted", "hang-unexecuted"];
    const calls = [watch(client.execute(READ)), watch(client.execute(READ))];
    await clock.advance(4_000);
    expect(calls.map(({ state }) => state)).toEqual(["resolved", "resolved"]);
    expect(database.open.length).toBeLessThanOrEqual(2);
  });

  it("makes room all the same, when somebody was answered right before the network went silent", async () => {
    const { client, database, clock } = pooledClient({ ...options, maxConnections: 2 });
    database.fates = ["hang-unexecuted", "answer", "hang-unexecuted"];
    const calls = [watch(client.execute(READ))];
    await clock.advance(500);
    await client.execute(WRITE);
    calls.push(watch(client.execute(READ)));
    await clock.advance(4_000);
    expect(calls.map(({ state }) => state)).toEqual(["resolved", "resolved"]);
  });

  it("keeps its place, when all are taken and others are answered: it may be slow", async () => {
    const { client, database, clock } = pooledClient({ ...options, maxConnections: 2 });
    database.fates = ["slow", "answer"];
    const call = watch(client.execute(READ));
    await client.execute(WRITE);
    const transaction = await client.transaction();
    await clock.advance(2_000);
    await transaction.execute(READ);
    await clock.advance(1_999);
    expect(call.state).toBe("pending");
    await clock.advance(1);
    expect(call.state).toBe("resolved");
    expect(database.connections).toHaveLength(2);
    expect(database.asked).toBe(0);
  });

  it("is asked for as soon as that is possible, when no other connection can be had at first", async () => {
    const { client, database, clock } = pooledClient(options);
    database.fates = ["hang-unexecuted"];
    const call = watch(client.execute(READ));
    await settle();
    database.opens = { then: "hang" };
    await clock.advance(4_000);
    expect(call.state).toBe("pending");
    database.opens = {};
    await clock.advance(2_500);
    expect(call.state).toBe("resolved");
  });

  it("is asked for twice at most, and not when the budget is spent", async () => {
    const { client, database, clock } = pooledClient({ ...options, maxConnections: 30 });
    database.fate = "hang-unexecuted";
    const calls = Array.from({ length: 15 }, () => watch(client.execute(READ)));
    await clock.advance(10_000);
    expect(
      calls.every(({ error }) => (error as { code?: string } | undefined)?.code === "OPERATION_TIMEOUT"),
    ).toBe(true);
    // As many as may be in flight, for a pool of thirty.
    expect(database.connections.length).toBeLessThanOrEqual(15 + 30);
  });
});
