import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { connector } from "#dist/libsql/connector.js";
import { SocketObserver } from "#dist/libsql/socket-observer.js";
import { serveStatistics } from "#dist/monitor/serve-statistics.js";
import { snapshotOf } from "#dist/monitor/snapshot.js";
import { KeepAlivePool } from "#dist/pool/keep-alive-pool.js";
import type { LookResult, StatsResult } from "#dist/watch/result.js";
import { runCli, startCli, type Finished } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { rawServer } from "../support/raw-server.js";
import { parseJson } from "../support/schemas.js";
import { blackHole, closedPort } from "../support/servers.js";
import { statsJson } from "../support/stats-runs.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const attach = (to: string, ...args: string[]): Promise<Finished> =>
  runCli(["stats", "--attach", to, ...args]);
const newPool = () => new KeepAlivePool({ open: connector({ url: ":memory:" }), name: "orders" });

/** An application's endpoint that answers as it likes. */
async function endpoint(listener: RequestListener): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("stats --attach", () => {
  it.each(["port", "socket"])("shows an application's pool over a %s, as it counts itself", async (kind) => {
    await using pool = newPool();
    const sockets = new SocketObserver().group();
    const place = kind === "port" ? { port: 0 } : { socketPath: join(folder, "statistics.sock") };
    await using server = await serveStatistics(pool, { ...place, sockets });
    const use = setInterval(() => void pool.use(({ client }) => client.execute("SELECT 1")), 20);
    const args = ["--duration", "2s", "--interval", "500ms", "--json-lines"];
    const { code, stdout, stderr } = await attach(server.address, ...args);
    clearInterval(use);
    const lines = stdout.trimEnd().split("\n");
    const all = lines.map((line) => parseJson(line, "stats-result") as LookResult | StatsResult);
    expect([code, stderr]).toEqual([0, ""]);
    expect(all.length).toBeGreaterThan(3);
    const looks = all.slice(0, -1) as LookResult[];
    expect(looks.slice(1).every(({ rates }) => (rates.checkouts_per_second ?? 0) > 0)).toBe(true);
    const summary = all.at(-1) as StatsResult;
    expect(summary).toMatchObject({ mode: "attach", target: null, load: null, keep_alive_holds: null });
    expect(summary.attached).toEqual({
      ...{ kind: kind === "port" ? "url" : "socket", address: server.address },
      ...{ missed: 0, restarts: 0 },
    });
    expect(summary.snapshot).toMatchObject({ name: "orders", sockets: { opened: 0, open: 0 } });
    const counted = pool.statistics().totalCheckouts;
    expect(summary.snapshot.statistics.total_checkouts).toBeLessThanOrEqual(counted);
    expect(looks.at(-1)?.snapshot).toEqual(summary.snapshot);
  });

  it("finds a lease that was forgotten, until it is given back", async () => {
    await using pool = newPool();
    await using server = await serveStatistics(pool, { port: 0 });
    const forgotten = await pool.acquire();
    const args = ["--attach", server.address, "--duration", "1500ms", "--leak-threshold", "500ms"];
    const leaking = await statsJson(...args);
    expect([leaking.code, leaking.rules]).toEqual([99, ["suspected-leaks"]]);
    expect(leaking.result.alerts[0]?.remedy).toContain("finally");
    forgotten.release();
    const again = await statsJson(...args);
    expect([again.code, again.rules]).toEqual([0, []]);
  });

  it("goes on until Ctrl-C, over a restart of the application, and says so", async () => {
    let pool = newPool();
    let isDown = false;
    await using app = await endpoint((_request, response) => {
      if (isDown) response.writeHead(503).end("starting");
      else response.end(JSON.stringify(snapshotOf(pool)));
    });
    const cli = startCli(["stats", "--attach", app.url, "--interval", "200ms"]);
    await eventually(() => cli.stdout().split("\n").length > 4);
    isDown = true;
    await eventually(() => cli.stdout().includes("status 503"));
    await pool.close();
    pool = newPool();
    isDown = false;
    await eventually(() => cli.stdout().includes("restarted: its counts began anew"));
    cli.interrupt();
    const { code, stdout, stderr } = await cli.finished;
    expect([code, stderr]).toEqual([130, ""]);
    expect(stdout).toMatch(new RegExp(`\n${app.url} · pool orders · [\\d.]+s · interrupted\n`));
    expect(stdout).toMatch(
      /\nIts counts began anew once: the application was restarted\.\nIt did not answer /,
    );
    await pool.close();
  });

  it("exits 2 when the application is gone in the end, with what was seen before", async () => {
    const pool = newPool();
    const server = await serveStatistics(pool, { port: 0 });
    const cli = startCli([
      "stats",
      "--json",
      "--attach",
      server.address,
      "--interval",
      "200ms",
      "--duration",
      "3s",
    ]);
    await eventually(() => cli.stderr().split("\n").length > 4);
    await server.close();
    const { code, stdout, stderr } = await cli.finished;
    const result = parseJson(stdout, "stats-result") as StatsResult;
    expect([code, result.snapshot.name, result.error?.code]).toEqual([2, "orders", "UNREACHABLE"]);
    expect(result.attached?.missed).toBeGreaterThan(0);
    expect(stderr).toMatch(/\nError: http:\S+: connection refused\. [^\n]+\n$/);
    await pool.close();
  });

  it("reads a saved file once", async () => {
    await using pool = newPool();
    const file = join(folder, "statistics.json");
    writeFileSync(file, JSON.stringify(snapshotOf(pool)));
    const { code, stdout, stderr } = await attach(file);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(
      /statistics\.json · pool orders · as\s+of\s+[\dTZ:.-]+\n\nKeep-alive statistics\n/,
    );
    expect((await statsJson("--attach", file)).result.attached).toMatchObject({
      kind: "file",
      address: file,
    });
    const refused = await attach(file, "--duration", "5s");
    expect([refused.code, refused.stderr]).toEqual([3, expect.stringContaining("--duration")]);
  });
});

describe("stats --attach is told from what it cannot take, in one line:", () => {
  const refusal = ({ code, stdout, stderr }: Finished) => {
    expect([stdout, stderr]).toEqual(["", expect.stringMatching(/^Error: [^\n]+\n$/)]);
    return [code, stderr] as const;
  };

  it.each([
    ["HTML", 200, "<html>", "it is not JSON"],
    ["a page that is not there", 404, "", "status 404"],
    ["another place", 302, "", "status 302"],
    ["another document", 200, '{"status":"ok"}', "these are no statistics of a pool"],
    ["a later version", 200, '{"schema_version":9,"statistics":{}}', "Update turso-pool."],
    ["more than anybody would say", 200, " ".repeat(5 * 2 ** 20), "more than 4 MiB"],
  ])("%s, with exit 1", async (_, status, body, told) => {
    await using app = await endpoint((_request, response) => {
      response.writeHead(status, { location: "/elsewhere" }).end(body);
    });
    const [code, stderr] = refusal(await attach(app.url, "--duration", "1s"));
    expect([code, stderr]).toEqual([1, expect.stringContaining(told)]);
  });

  it("what does not speak HTTP, with exit 1", async () => {
    await using other = await rawServer((socket) => socket.write("SSH-2.0-OpenSSH_9.6\r\n"));
    expect(refusal(await attach(`http://127.0.0.1:${other.port}`))).toEqual([
      1,
      expect.stringContaining("it does not speak HTTP"),
    ]);
  });

  it("nobody there, and somebody who says nothing, with exit 2", async () => {
    const url = `http://user:s3cret@127.0.0.1:${await closedPort()}`;
    const [code, stderr] = refusal(await attach(url));
    expect([code, stderr]).toEqual([2, expect.stringContaining("refused")]);
    expect(stderr).not.toContain("s3cret");
    await using hole = await blackHole();
    const silent = await attach(`http://127.0.0.1:${hole.port}`, "--timeout", "300ms");
    expect(refusal(silent)).toEqual([2, expect.stringContaining("no answer within 300ms")]);
  });

  it.each([
    ["not JSON", "nonsense", "it is not JSON"],
    ["of something else", '{"schema_version":2,"command":"bench"}', "these are no statistics of a pool"],
    ["empty", "", "it is empty"],
  ])("a file that is %s, with exit 3", async (name, text, told) => {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, text);
    expect(refusal(await attach(file))).toEqual([3, expect.stringContaining(`${name}.json: ${told}`)]);
  });
});
