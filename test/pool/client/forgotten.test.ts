import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { pooledClient } from "../../support/client-fixture.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Collects garbage, and lets what was to be told of it be told. */
async function collect(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    collectGarbage();
  }
  await new Promise((resolve) => setImmediate(resolve));
}

describe("a transaction that nobody has any more", () => {
  it("gives its connection back", async () => {
    const { client, database } = pooledClient();
    const begun = async (): Promise<WeakRef<object>> => {
      const transaction = await client.transaction();
      database.fates = ["sql"];
      await transaction.execute("INSERT INTO t VALUES (1)").catch(() => undefined);
      return new WeakRef(transaction);
    };
    const forgotten = await begun();
    await collect();
    expect(forgotten.deref()).toBeUndefined();
    expect(client.statistics()).toMatchObject({ activeConnections: 0 });
  });
});
