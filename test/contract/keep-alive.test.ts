import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { connector, ConnectionPool, KeepAlivePool } from "#dist/index.js";
import { eventually } from "../support/eventually.js";
import { SCHEMES, serve } from "../support/servers.js";

describe.concurrent.each(SCHEMES)("over %s, with a server that closes sockets idle for 2 s", (scheme) => {
  it("pings every second keep one socket alive for 10 idle seconds", async () => {
    await using target = await serve(scheme, { idleTimeoutMs: 2_000 });
    await using pool = new KeepAlivePool({
      open: connector({ url: target.url, ca: target.ca }),
      keepAliveInterval: 1_000,
    });
    await pool.use((connection) => connection.client.execute("SELECT 1"));
    const before = await target.server.metrics();
    await sleep(10_000);
    await pool.use((connection) => connection.client.execute("SELECT 2"));
    const after = await target.server.metrics();
    const statistics = pool.statistics();
    expect([before.socketsAccepted, after.socketsAccepted]).toEqual([1, 1]);
    expect(after.socketsOpen).toBe(1);
    // Due every 0.8 to 1 s; every one of them reached the server: statements = pings + the last SELECT.
    expect(statistics.totalProactivePings).toBeGreaterThanOrEqual(9);
    expect(after.statements - before.statements).toBe(statistics.totalProactivePings + 1);
    expect(statistics).toMatchObject({
      totalConnectionsCreated: 1,
      totalPingFailures: 0,
      totalStaleDetected: 0,
    });
  });

  it("without keep-alive the next query needs a new socket, and the pool saw the old one close", async () => {
    await using target = await serve(scheme, { idleTimeoutMs: 2_000 });
    await using pool = new KeepAlivePool({
      open: connector({ url: target.url, ca: target.ca }),
      enableKeepalive: false,
      minConnections: 0,
    });
    await pool.use((connection) => connection.client.execute("SELECT 1"));
    await eventually(() => pool.statistics().idleConnections === 0);
    expect(pool.statistics().evictions["connection-closed"]).toBe(1);
    await pool.use((connection) => connection.client.execute("SELECT 2"));
    expect((await target.server.metrics()).socketsAccepted).toBe(2);
    expect(pool.statistics().totalProactivePings).toBe(0);
  });
});

describe.each(SCHEMES)("over %s", (scheme) => {
  it("a pool counts as many connections as the server accepted sockets, and leaves none open", async () => {
    await using target = await serve(scheme);
    const pool = new ConnectionPool({
      open: connector({ url: target.url, ca: target.ca }),
      maxConnections: 4,
    });
    const work = Array.from({ length: 200 }, (_, i) =>
      pool.use((connection) => connection.client.execute({ sql: "SELECT ? AS i", args: [i] })),
    );
    const answers = (await Promise.all(work)).map((result) => result.rows[0]?.i);
    expect(answers).toEqual(work.map((_, i) => i));
    const { socketsAccepted, socketsOpen } = await target.server.metrics();
    expect([socketsAccepted, socketsOpen]).toEqual([4, 4]);
    expect(pool.statistics()).toMatchObject({ totalCreated: 4, totalCheckouts: 200, totalReuses: 196 });
    await pool.close();
    await eventually(async () => (await target.server.metrics()).socketsOpen === 0);
  });

  it("a connection that was destroyed by its holder is replaced", async () => {
    await using target = await serve(scheme);
    await using pool = new ConnectionPool({
      open: connector({ url: target.url, ca: target.ca }),
      maxConnections: 1,
    });
    (await pool.acquire()).destroy();
    expect(await pool.healthCheck()).toBe(true);
    expect((await target.server.metrics()).socketsAccepted).toBe(2);
  });
});
