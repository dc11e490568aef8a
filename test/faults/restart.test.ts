import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { connector, KeepAlivePool } from "#dist/index.js";
import { eventually } from "../support/eventually.js";
import { serve } from "../support/servers.js";

describe.each(["ws", "http"] as const)(
  "when the server is killed and restarted under a pool in use, over %s",
  (scheme) => {
    it("callers see coded errors only while it is down, and the pool goes on", async () => {
      const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
      const databaseFile = join(folder, "test.db");
      const first = await serve(scheme, { databaseFile });
      const pool = new KeepAlivePool({ open: connector({ url: first.url }), maxConnections: 4 });
      const failures: { at: number; code: unknown }[] = [];
      let successes = 0;
      let running = true;
      const caller = async (): Promise<void> => {
        while (running) {
          try {
            await pool.use((connection) => connection.client.execute("SELECT count(*) FROM items"));
            successes++;
          } catch (error) {
            failures.push({ at: performance.now(), code: (error as { code?: unknown }).code });
            await sleep(10);
          }
        }
      };
      const callers = [caller(), caller(), caller(), caller()];
      await eventually(() => successes > 50);
      expect(failures).toEqual([]);

      const downAt = performance.now();
      process.kill(first.server.pid, "SIGKILL");
      await first.server.exited;
      await eventually(() => failures.length > 10);
      await using second = await serve(scheme, { databaseFile, port: first.server.port });
      const upAt = performance.now();
      await sleep(200);
      const sofar = successes;
      await eventually(() => successes > sofar + 50);
      running = false;
      await Promise.all(callers);

      expect(failures.filter(({ code }) => typeof code !== "string")).toEqual([]);
      // A failure that began just before the server was up again may be told just after.
      expect(failures.filter(({ at }) => at < downAt || at > upAt + 200)).toEqual([]);
      expect((await second.server.metrics()).socketsAccepted).toBeLessThanOrEqual(4);
      await pool.close();
      await first.server.close();
      await rm(folder, { recursive: true });
    });

    it("idle connections that died are noticed by their close and not by a caller", async () => {
      const first = await serve(scheme);
      const pool = new KeepAlivePool({
        open: connector({ url: first.url }),
        maxConnections: 3,
        minConnections: 0,
      });
      const leases = await Promise.all([1, 2, 3].map(() => pool.acquire()));
      for (const lease of leases) lease.release();
      expect(pool.statistics().idleConnections).toBe(3);
      process.kill(first.server.pid, "SIGKILL");
      await eventually(() => pool.statistics().evictions["connection-closed"] === 3);
      expect(pool.statistics()).toMatchObject({
        idleConnections: 0,
        totalProactivePings: 0,
        totalHealthChecksFailed: 0,
      });

      await using second = await serve(scheme, { port: first.server.port });
      await pool.use((connection) => connection.client.execute("SELECT 1"));
      expect((await second.server.metrics()).socketsAccepted).toBe(1);
      await pool.close();
      await first.server.close();
    });
  },
);
