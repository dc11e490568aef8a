import { describe, expect, it } from "vitest";
import { pooledClient } from "../../support/client-fixture.js";
import { watch } from "../../support/pool-fixture.js";

const WRITE = "INSERT INTO t VALUES (1)";

describe("after a connection was lost in use", () => {
  it("a new one has to answer before a statement goes over it, so one that is dropped at once costs no write", async () => {
    const { client, database, clock } = pooledClient();
    database.fates = ["lost-before"];
    await client.execute(WRITE).catch(() => undefined);
    database.pings = "lost-before";
    const call = watch(client.execute(WRITE));
    await clock.advance(1_000);
    expect(call.state).toBe("pending");
    expect(database.connections.length).toBeGreaterThan(2);
    expect(database.open).toEqual([]);
    database.pings = "answer";
    await clock.advance(1_000);
    expect(call.state).toBe("resolved");
    expect(database.executed).toEqual([WRITE]);
  });

  it("a new one that says nothing is given up sooner than ever, where opening is quick, and another is tried", async () => {
    const { client, database, clock } = pooledClient();
    database.fates = ["lost-before"];
    await client.execute(WRITE).catch(() => undefined);
    database.pings = "hang-unexecuted";
    const call = watch(client.execute(WRITE));
    await clock.advance(240);
    expect(database.open).toHaveLength(1);
    database.pings = "answer";
    await clock.advance(300);
    expect(call.state).toBe("resolved");
    expect(database.open).toHaveLength(1);
  });

  it("opening may take longer each time that it failed, for it may be slow and not dead", async () => {
    const { client, database, clock } = pooledClient({ connectionTimeout: 10_000 });
    database.fates = ["lost-before"];
    await client.execute(WRITE).catch(() => undefined);
    database.opens = { after: 1_700 };
    const call = watch(client.execute(WRITE));
    await clock.advance(8_000);
    expect(call.state).toBe("resolved");
    // 250, 375, 563, 844 and 1,266 ms are too short.
    expect(database.openedAt).toHaveLength(1 + 6);
  });

  it("and another was opened, no connection is asked before its use", async () => {
    const { client, database } = pooledClient();
    database.fates = ["lost-before"];
    await client.execute(WRITE).catch(() => undefined);
    await client.execute(WRITE);
    database.pings = "lost-before";
    await Promise.all([client.execute(WRITE), client.execute(WRITE)]);
    expect(database.executed).toEqual([WRITE, WRITE, WRITE]);
  });
});
