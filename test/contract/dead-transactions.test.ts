import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { createPool } from "#dist/index.js";
import { serve } from "../support/servers.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

it.each(["ws", "http"] as const)("a transaction that is dead leaves memory, over %s", async (scheme) => {
  await using running = await serve(scheme);
  await using client = createPool({ url: running.url });
  // Why it is dead leads back to it, by the frames of the error; who waits for it to be forgotten must not hold that.
  const dead = async (): Promise<WeakRef<object>> => {
    const transaction = await client.transaction();
    const statement = transaction.execute("SELECT 1").catch(() => undefined);
    transaction.close();
    await statement;
    return new WeakRef(transaction);
  };
  const gone = await dead();
  for (let i = 0; i < 10; i++) {
    collectGarbage();
    await sleep(20);
  }
  expect(gone.deref()).toBeUndefined();
});
