import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PoolSnapshot } from "#dist/index.js";
import { eventually } from "../support/eventually.js";
import { Metrics } from "../support/metrics.js";
import { parseJson } from "../support/schemas.js";
import { serve } from "../support/servers.js";
import { statsJson } from "../support/stats-runs.js";

const SERVICE = fileURLToPath(new URL("../../examples/http-service/service.js", import.meta.url));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The example as its README says to run it. */
async function startService(env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [SERVICE], {
    env: { PATH: process.env.PATH, PORT: "0", STATISTICS_PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const exited = once(child, "exit") as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  await eventually(() => stdout.endsWith("\n") || child.exitCode !== null);
  const [, items = "", statistics = ""] = /^Items on (\S+), statistics on (\S+)\n$/.exec(stdout) ?? [];
  expect([stdout, items, stderr]).toEqual([stdout, expect.stringMatching(/^http:/), ""]);
  return {
    items,
    statistics,
    terminate: async () => {
      child.kill("SIGTERM");
      return [...(await exited), stderr] as const;
    },
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** Asks for `requests` items, `callers` at a time. */
async function load(items: string, requests: number, callers: number): Promise<void> {
  let next = 1;
  const caller = async (): Promise<void> => {
    while (next <= requests) {
      const id = next++;
      const response = await fetch(`${items}/items/${id}`);
      expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ id })]);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

describe("the example of an HTTP service", () => {
  it("shows exactly what it did, also to stats that watches it meanwhile, and leaves nothing", async () => {
    await using database = await serve("ws");
    await using service = await startService({ TURSO_DATABASE_URL: database.url });
    const [watched] = await Promise.all([
      statsJson("--attach", service.statistics, "--duration", "4s", "--interval", "500ms"),
      load(service.items, 200, 8),
    ]);

    const shown = await (await fetch(`${service.statistics}/statistics.json`)).text();
    const snapshot = parseJson(shown, "statistics") as PoolSnapshot;
    const { total_connections_created: created, ...statistics } = snapshot.statistics;
    const { socketsAccepted, statements } = await database.server.metrics();
    expect(created).toBeLessThanOrEqual(4);
    expect(snapshot.sockets).toEqual({ opened: socketsAccepted, open: created });
    expect(socketsAccepted).toBe(created);
    expect(statements).toBe(200);
    expect(statistics).toMatchObject({
      total_checkouts: 200,
      total_reuses: 200 - created,
      total_timeouts: 0,
      total_lost_while_idle: 0,
      active_connections: 0,
      idle_connections: created,
      waiting: 0,
    });
    expect([snapshot.wait_time.count, snapshot.use_time.count, snapshot.create_time.count]).toEqual([
      200,
      200,
      created,
    ]);

    const metrics = new Metrics(await (await fetch(`${service.statistics}/metrics`)).text());
    expect(metrics.pools).toEqual(["items"]);
    expect(metrics.value("turso_pool_checkouts_total")).toBe(200);
    expect(metrics.value("turso_pool_connections_created_total")).toBe(created);
    expect(metrics.value("turso_pool_connections", { state: "idle" })).toBe(created);
    expect(metrics.buckets("turso_pool_use_time_seconds").at(-1)).toEqual([Infinity, 200]);

    expect([watched.code, watched.rules]).toEqual([0, []]);
    expect(watched.result.snapshot.statistics).toMatchObject({
      total_checkouts: 200,
      total_connections_created: created,
    });

    expect(await service.terminate()).toEqual([0, null, ""]);
    await eventually(async () => (await database.server.metrics()).socketsOpen === 0);
  });

  it("answers what is under way when it is told to end", async () => {
    await using database = await serve("ws", { network: { rttMs: 200 } });
    const socket = join(folder, "statistics.sock");
    const env = { TURSO_DATABASE_URL: database.url, STATISTICS_SOCKET: socket };
    await using service = await startService(env);
    expect(service.statistics).toBe(socket);
    await fetch(`${service.items}/healthz`);
    const asked = fetch(`${service.items}/items/7`);
    await sleep(100); // It has arrived, and its answer is 100 ms away.
    const ended = service.terminate();
    expect(await (await asked).json()).toMatchObject({ id: 7 });
    expect(await ended).toEqual([0, null, ""]);
    expect(existsSync(socket)).toBe(false);
  });

  it("says what is there, and that it is not well without its database", async () => {
    const database = await serve("ws");
    await using service = await startService({ TURSO_DATABASE_URL: database.url });
    const ask = async (path: string, method = "GET"): Promise<[number, unknown]> => {
      const response = await fetch(service.items + path, { method });
      return [response.status, await response.json()];
    };
    expect(await ask("/healthz")).toEqual([200, { healthy: true }]);
    expect(await ask("/items/70000")).toEqual([404, { error: "There is no item 70000." }]);
    expect(await ask("//")).toEqual([404, { error: "There is /items/:id and /healthz." }]);
    expect(await ask("/items/7", "DELETE")).toEqual([405, { error: "This service can only be read." }]);
    await database[Symbol.asyncDispose]();
    expect(await ask("/healthz")).toEqual([503, { healthy: false }]);
    expect(await ask("/items/7")).toEqual([500, { error: "The database failed." }]);
    const [code, , stderr] = await service.terminate();
    expect([code, stderr]).toEqual([0, expect.stringContaining("OPEN_FAILED")]);
  });
});
