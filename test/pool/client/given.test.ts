import type { InStatement } from "@libsql/core/api";
import { describe, expect, it } from "vitest";
import { createPool } from "../../../src/pool/client/create-pool.js";
import type { PooledClientOptions } from "../../../src/pool/client/options.js";
import { pooledClient } from "../../support/client-fixture.js";
import { settle, watch } from "../../support/pool-fixture.js";

describe("what a caller gave", () => {
  it("is what is executed, though it changes the objects after the call", async () => {
    await using client = createPool({ url: ":memory:" });
    await client.execute("CREATE TABLE t (v)");
    const reused = { sql: "INSERT INTO t VALUES (?)", args: [0] };
    const calls: Promise<unknown>[] = [];
    for (reused.args[0] = 1; reused.args[0] < 4; reused.args[0]++) calls.push(client.execute(reused));
    const statements: InStatement[] = [reused];
    calls.push(client.batch(statements));
    statements.push("DELETE FROM t");
    reused.args[0] = 99;
    await Promise.all(calls);
    const transaction = await client.transaction();
    const last = transaction.execute(reused);
    reused.args[0] = 100;
    await last;
    await transaction.commit();
    const { rows } = await client.execute("SELECT v FROM t");
    expect(rows.map(({ v }) => v)).toEqual([1, 2, 3, 4, 99]);
  });

  it("as an option that is undefined changes nothing of what was given before", async () => {
    const { client, database, clock } = pooledClient();
    database.fates = ["hang"];
    const quick = client.with({ operationTimeout: 100 }).with({ operationTimeout: undefined });
    const call = watch(quick.execute("INSERT"));
    await clock.advance(100);
    expect(call.error).toMatchObject({ code: "OPERATION_TIMEOUT" });
  });

  it("as a token is refused when it can be none, and null is none", async () => {
    const options = (authToken: unknown) => ({ url: "http://localhost:1", authToken }) as PooledClientOptions;
    expect(() => createPool(options(5))).toThrow("authToken");
    await createPool(options(null)).close();
  });
});

describe("a client that is closed with patience", () => {
  it("loses it when somebody closes it who has less", async () => {
    const { client, database, clock } = pooledClient();
    database.fates = ["hang"];
    const call = watch(client.execute("INSERT"));
    await settle();
    const patient = watch(client.close({ timeout: 20_000 }));
    await clock.advance(10);
    const other = watch(client.close({ timeout: 100 }));
    await clock.advance(99);
    expect([patient.state, other.state]).toEqual(["pending", "pending"]);
    await clock.advance(1);
    expect(call.error).toMatchObject({ code: "CLIENT_CLOSED" });
    expect([patient.state, other.state]).toEqual(["resolved", "resolved"]);
    expect(clock.pendingTimers).toBe(0);
  });

  it("begins anew at once when it is told to", async () => {
    const { client } = pooledClient();
    const transaction = await client.transaction();
    const patient = watch(client.close({ timeout: 20_000 }));
    await client.reconnect();
    expect(patient.state).toBe("resolved");
    expect(transaction.closed).toBe(true);
    await client.execute("INSERT");
  });
});
