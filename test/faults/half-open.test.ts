import { describe, expect, it } from "vitest";
import { connector, KeepAlivePool, SocketObserver, type KeepAlivePoolOptions } from "#dist/index.js";
import { eventually } from "../support/eventually.js";
import { serve, type Scheme } from "../support/servers.js";
import { tcpProxy } from "../support/tcp-proxy.js";

/** A pool behind a proxy in front of a real server, all of whose connections can be made half-open. */
async function behindProxy(scheme: Scheme, options: Partial<KeepAlivePoolOptions>) {
  const target = await serve(scheme);
  const proxy = await tcpProxy(target.server.port);
  let most = 0;
  const sockets = new SocketObserver().group({ opened: () => (most = Math.max(most, sockets.open)) });
  const url = target.url.replace(/:\d+$/, `:${proxy.port}`);
  const pool = new KeepAlivePool({
    open: connector({ url, ca: target.ca, sockets }),
    keepAliveInterval: 500,
    staleThreshold: 500,
    pingTimeout: 300,
    healthCheckTimeout: 300,
    connectionTimeout: 2_000,
    minConnections: 0,
    ...options,
  });
  const select = (): Promise<unknown> => pool.use(({ client }) => client.execute("SELECT 1"));
  return {
    target,
    proxy,
    pool,
    sockets,
    select,
    most: () => most,
    [Symbol.asyncDispose]: async () => {
      await pool.close();
      await eventually(() => sockets.open === 0);
      await proxy[Symbol.asyncDispose]();
      await target[Symbol.asyncDispose]();
    },
  };
}

describe.concurrent.each(["ws", "wss", "http"] as const)("a half-open connection over %s", (scheme) => {
  it("is noticed within interval and ping timeout, and replaced", async () => {
    await using scene = await behindProxy(scheme, {});
    const { pool, proxy, select } = scene;
    await select();
    proxy.fault({ blackHole: true }, "onlyOpen");
    const since = performance.now();
    await eventually(() => pool.statistics().evictions["ping-failed"] === 1, 5_000);
    // 500 + 300, and what a busy machine adds.
    expect(performance.now() - since).toBeLessThan(4_000);
    await eventually(() => pool.statistics().idleConnections === 1);
    await select();
    expect(scene.most()).toBe(1);
  });

  it.each([
    ["there is room for another", { maxConnections: 2 }],
    ["it has the only place", { maxConnections: 1 }],
    [
      "it has the only place, and its ping could take all of the caller's time",
      { maxConnections: 1, pingTimeout: 2_000 },
    ],
  ])("that is being pinged costs no caller its deadline when %s", async (_, options) => {
    await using scene = await behindProxy(scheme, options);
    const { pool, proxy, select } = scene;
    await select();
    proxy.fault({ blackHole: true }, "onlyOpen");
    await eventually(() => pool.statistics().totalProactivePings === 1);
    await Promise.all([select(), select()]);
    expect(pool.statistics().totalTimeouts).toBe(0);
    expect(scene.most()).toBeLessThanOrEqual(options.maxConnections);
  });

  it("that went stale unpinged is found out before a caller gets it", async () => {
    await using scene = await behindProxy(scheme, { enableProactivePing: false, maxConnections: 1 });
    await scene.select();
    scene.proxy.fault({ blackHole: true }, "onlyOpen");
    await new Promise((resolve) => setTimeout(resolve, 600));
    await scene.select();
    expect(scene.pool.statistics()).toMatchObject({ totalStaleDetected: 1, totalHealthChecksFailed: 1 });
  });
});

describe.concurrent.each(["ws", "wss", "http"] as const)("over %s, a connection", (scheme) => {
  it.each(["end", "reset"] as const)(
    "that the network drops (%s) while idle leaves the pool at once",
    async (how) => {
      const calm = { keepAliveInterval: 5_000, staleThreshold: 5_000, maxConnections: 1 };
      await using scene = await behindProxy(scheme, calm);
      for (let times = 1; times <= 3; times++) {
        await scene.select();
        scene.proxy.drop(how);
        await eventually(() => scene.pool.statistics().evictions["connection-closed"] === times);
        // Its place is free again.
        await eventually(() => scene.pool.statistics().pendingConnections === 0, 3_000);
      }
    },
  );

  it("in a pool whose server is stopped for a while: callers end in time, then the pool is whole", async () => {
    await using scene = await behindProxy(scheme, { maxConnections: 3 });
    const { pool, target, sockets } = scene;
    const leases = await Promise.all([1, 2, 3].map(() => pool.acquire()));
    for (const lease of leases) lease.release();
    process.kill(target.server.pid, "SIGSTOP");
    const worst: number[] = [];
    try {
      const end = performance.now() + 3_000;
      const caller = async (): Promise<void> => {
        while (performance.now() < end) {
          const since = performance.now();
          // Only acquiring: a statement has the time that the caller gives it.
          await pool.acquire().then(
            (lease) => lease.release(),
            (error: unknown) =>
              expect((error as { code: string }).code).toMatch(/^(ACQUIRE_TIMEOUT|OPEN_FAILED)$/),
          );
          worst.push(performance.now() - since);
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      };
      await Promise.all([caller(), caller(), caller(), caller(), caller()]);
    } finally {
      process.kill(target.server.pid, "SIGCONT");
    }
    expect(Math.max(...worst)).toBeLessThan(4_000);
    expect(scene.most()).toBeLessThanOrEqual(3);
    await eventually(() =>
      scene.select().then(
        () => true,
        () => false,
      ),
    );
    for (let i = 0; i < 5; i++) await Promise.all([1, 2, 3, 4, 5].map(() => scene.select()));
    await eventually(async () => (await target.server.metrics()).socketsOpen === sockets.open);
    expect(sockets.open).toBeLessThanOrEqual(3);
  });
});
