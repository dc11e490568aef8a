import { expect, it } from "vitest";
import { ConnectionPool, connector, KeepAlivePool, snapshotOf } from "#dist/index.js";

it("a pool of connections by connector() is a pool to whoever names its type", async () => {
  const open = connector({ url: ":memory:" });
  const keepAlive: KeepAlivePool = new KeepAlivePool({ open, minConnections: 0 });
  const plain: ConnectionPool = new ConnectionPool({ open, minConnections: 0 });
  const pools: (KeepAlivePool | ConnectionPool)[] = [keepAlive, plain];
  expect(pools.map((pool) => snapshotOf(pool).name)).toEqual(["turso-pool", "turso-pool"]);
  for (const pool of pools) await pool.close();
});
