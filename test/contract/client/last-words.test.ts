import { expect, test } from "vitest";
import { createPool } from "#dist/index.js";
import { eventually } from "../../support/eventually.js";
import { serve } from "../../support/servers.js";

test.each(["ws", "http"] as const)(
  "a transaction that was closed with its client has left no stream, and no lock, over %s",
  async (scheme) => {
    await using server = await serve(scheme);
    const client = createPool({ url: server.url });
    await client.execute("CREATE TABLE t (a)");
    const tx = await client.transaction("write");
    await tx.execute("INSERT INTO t VALUES (1)");
    tx.close();
    await client.close();
    await eventually(async () => (await server.server.metrics()).streamsOpen === 0);
    expect((await server.server.metrics()).streamsExpired).toBe(0);
    await using next = createPool({ url: server.url });
    expect((await next.execute("SELECT count(*) AS n FROM t")).rows[0]?.n).toBe(0);
  },
);
