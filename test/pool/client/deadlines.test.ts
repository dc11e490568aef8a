import { describe, expect, it } from "vitest";
import { pooledClient } from "../../support/client-fixture.js";
import { settle, watch } from "../../support/pool-fixture.js";

const WRITE = "INSERT INTO t VALUES (1)";

describe("a call", () => {
  it("ends with OPERATION_TIMEOUT when it takes too long, and its connection is not used again", async () => {
    const { client, database, clock } = pooledClient({ operationTimeout: 1_000 });
    database.fates = ["hang"];
    const call = watch(client.execute(WRITE));
    await clock.advance(999);
    expect(call.state).toBe("pending");
    await clock.advance(1);
    expect(call.error).toMatchObject({ code: "OPERATION_TIMEOUT", outcome: "unknown" });
    expect(database.open).toHaveLength(0);
    expect(client.statistics()).toMatchObject({ activeConnections: 0 });
    await client.execute(WRITE);
    expect(database.connections).toHaveLength(2);
  });

  it("knows that nothing was executed when its time is up before it had a connection", async () => {
    const { client, database, clock } = pooledClient({ operationTimeout: 1_000 });
    database.opens = { then: "hang" };
    const call = watch(client.execute(WRITE));
    await clock.advance(1_000);
    expect(call.error).toMatchObject({ code: "OPERATION_TIMEOUT", outcome: "not executed" });
  });

  it("ends with ABORTED when its signal does, whether it waits or is under way", async () => {
    const { client, database } = pooledClient({ maxConnections: 1 });
    database.fates = ["hang"];
    const reason = new Error("the user left");
    const abort = new AbortController();
    const mine = client.with({ signal: abort.signal });
    const calls = [watch(mine.execute(WRITE)), watch(mine.execute(WRITE))];
    await settle();
    abort.abort(reason);
    await settle();
    expect(calls[0]?.error).toMatchObject({ code: "ABORTED", outcome: "unknown", cause: reason });
    expect(calls[1]?.error).toMatchObject({ code: "ABORTED", outcome: "not executed", cause: reason });
    await expect(mine.execute(WRITE)).rejects.toMatchObject({ code: "ABORTED", outcome: "not executed" });
    expect(database.executed).toEqual([WRITE]);
  });

  it("is one of many that share a signal, of which Node does not complain", async () => {
    const warnings: string[] = [];
    const note = (warning: Error): void => void warnings.push(warning.name);
    process.on("warning", note);
    const { client } = pooledClient();
    const shared = client.with({ signal: new AbortController().signal });
    await Promise.all(Array.from({ length: 100 }, () => shared.execute("SELECT 1")));
    await new Promise((resolve) => setImmediate(resolve));
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });

  it("leaves no timer behind", async () => {
    const { client, database, clock } = pooledClient({ minConnections: 0, enableKeepalive: false });
    database.fates = ["answer", "sql", "unsent", "lost-after"];
    for (let i = 0; i < 4; i++) await client.execute(WRITE).catch(() => undefined);
    await client.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it("makes the pool ask whether others still live when its connection did not answer", async () => {
    const { client, database, clock } = pooledClient({ operationTimeout: 100 });
    const both = [client.execute("SELECT 1"), client.execute("SELECT 2")];
    await Promise.all(both);
    expect(database.open).toHaveLength(2);
    database.fates = ["hang"];
    const call = watch(client.execute(WRITE));
    await clock.advance(100);
    expect(call.state).toBe("rejected");
    await client.execute("SELECT 3");
    expect(client.statistics()).toMatchObject({ totalHealthChecksPassed: 1 });
  });

  it.each([
    ["operationTimeout", { operationTimeout: 0 }],
    ["operationTimeout", { operationTimeout: Number.NaN }],
    ["signal", { signal: {} as AbortSignal }],
    ["idempotent", { idempotent: 1 as unknown as boolean }],
  ])("refuses %s when it makes no sense", (option, options) => {
    const { client } = pooledClient();
    expect(() => client.with(options)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    expect(() => client.with(options)).toThrow(option);
  });

  it("keeps the process alive while it is under way, and its connection does not when it is idle", async () => {
    const { client, database, clock } = pooledClient({ operationTimeout: 100 });
    database.fates = ["hang"];
    const call = watch(client.execute(WRITE));
    await settle();
    expect(database.connections.map(({ keptAlive }) => keptAlive)).toEqual([true]);
    await clock.advance(100);
    expect(call.state).toBe("rejected");
    await client.execute(WRITE);
    expect(database.connections.map(({ keptAlive }) => keptAlive)).toEqual([false, false]);
  });
});
