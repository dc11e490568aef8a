import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { LibsqlError } from "#dist/index.js";
import { clientScene } from "../support/client-scene.js";
import { eventually } from "../support/eventually.js";

const CALLERS = 50;
const SELECT = "SELECT count(*) FROM items";

describe.each(["http", "ws"] as const)("while the server is frozen, over %s", (scheme) => {
  it("the calls of 50 callers end with a coded error, and after it the pool is whole", async () => {
    await using scene = await clientScene(scheme, { operationTimeout: 1_000 });
    const { client, server, sockets } = scene;
    const most = client.pool.pool.config.maxConnections;
    let running = true;
    let [answered, underWay] = [0, 0];
    const errors: unknown[] = [];
    const callers = Array.from({ length: CALLERS }, async () => {
      while (running) {
        underWay++;
        await client.execute(SELECT).then(
          () => answered++,
          (error: unknown) => errors.push(error),
        );
        underWay--;
        await sleep(20);
      }
    });
    await eventually(() => answered > CALLERS);
    expect(errors).toEqual([]);

    process.kill(server.pid, "SIGSTOP");
    try {
      // Everybody meets a deadline at least once, and again.
      await eventually(() => errors.length >= 2 * CALLERS);
      running = false;
      await Promise.all(callers);
    } finally {
      process.kill(server.pid, "SIGCONT");
    }
    expect(underWay).toBe(0);
    expect(errors.filter((error) => !(error instanceof LibsqlError))).toEqual([]);
    const codes = new Set(errors.map((error) => (error as LibsqlError).code));
    for (const code of codes) {
      expect(["OPERATION_TIMEOUT", "CONNECT_TIMEOUT", "ACQUIRE_TIMEOUT", "OPEN_FAILED"]).toContain(code);
    }

    await eventually(() =>
      client.execute(SELECT).then(
        () => true,
        () => false,
      ),
    );
    const after = await Promise.allSettled(Array.from({ length: CALLERS }, () => client.execute(SELECT)));
    expect(after.filter(({ status }) => status === "rejected")).toEqual([]);
    const whole = client.statistics();
    expect(whole).toMatchObject({ activeConnections: 0, waiting: 0, leaseAgesMs: [] });
    await eventually(() => client.statistics().pendingConnections === 0);
    expect(sockets.open).toBe(client.statistics().idleConnections);
    expect(sockets.most).toBeLessThanOrEqual(most);
    // The server sees off those that were given up.
    await eventually(async () => (await server.metrics()).socketsOpen <= most);
  });
});
