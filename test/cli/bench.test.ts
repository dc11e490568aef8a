import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BenchResult } from "#dist/bench/result.js";
import { runCli, told } from "../support/cli.js";
import { parseJson } from "../support/schemas.js";
import { SCHEMES, serve } from "../support/servers.js";

const parse = (stdout: string): BenchResult => parseJson(stdout, "bench-result") as BenchResult;

const SMALL = ["--operations", "60", "--warmup", "12", "--rounds", "3", "--concurrency", "3", "--json"];

describe.each(SCHEMES)("bench over %s", (scheme) => {
  it("opens a socket for every unpooled operation, at most one per caller with keep-alive, and the server agrees", async () => {
    await using target = await serve(scheme);
    const env = target.server.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: target.server.caFile };
    const { code, stdout, stderr } = await runCli(["bench", "--url", target.url, ...SMALL], env);
    expect([code, told(stderr)]).toEqual([0, ""]);
    const result = parse(stdout);
    const of = (name: string) => result.strategies.find((strategy) => strategy.name === name);
    expect(result.strategies.map(({ operations, errors }) => [operations, errors])).toEqual(
      Array(4).fill([60, 0]),
    );
    expect(of("unpooled")?.sockets_opened).toBe(60);
    expect(of("unpooled")?.warmup).toEqual({ operations: 12, errors: 0, sockets_opened: 12 });
    const kept = of("keepalive");
    expect((kept?.sockets_opened ?? NaN) + (kept?.warmup.sockets_opened ?? NaN)).toBeLessThanOrEqual(3);
    expect(kept?.pool).toMatchObject({ total_checkouts: 72, total_ping_failures: 0 });
    const { measured, warmup, preflight, total } = result.sockets;
    expect(measured + warmup + preflight).toBe(total);
    expect((await target.server.metrics()).socketsAccepted).toBe(total);
    expect(result.target).toMatchObject({ url: target.url, embedded: false, tls: target.ca !== undefined });
  });
});

describe("bench without a URL", () => {
  it("brings its own TLS server, says so in one line, and its count of sockets agrees", async () => {
    const { code, stdout, stderr } = await runCli(["bench", ...SMALL, "--seed", "7"]);
    expect(code).toBe(0);
    expect(told(stderr)).toMatch(
      /^No --url: measuring an embedded libSQL server, wss:\/\/localhost:\d+\.\n$/,
    );
    const result = parse(stdout);
    expect(result.target).toMatchObject({ transport: "ws", tls: true, embedded: true });
    expect(result.sockets.accepted_by_server).toBe(result.sockets.total);
    expect(result.plan).toMatchObject({ seed: 7, concurrency: 3, operations: 60, duration_ms: null });
    expect(result.comparisons).toHaveLength(48);
    for (const { ratio, baseline_value: before, contender_value: after, metric } of result.comparisons) {
      if (before === null || after === null || before === 0 || after === 0) continue;
      expect(ratio).toBeCloseTo(metric === "throughput_per_second" ? after / before : before / after, 6);
    }
  });

  it("prints both tables and a sentence within 80 columns when it is piped, and no colour", async () => {
    const { code, stdout } = await runCli([
      "bench",
      "--operations",
      "200",
      "--rounds",
      "5",
      "--warmup",
      "10",
    ]);
    expect(code).toBe(0);
    expect(stdout).toContain("strategy");
    expect(stdout).toContain("without keep-alive");
    expect(stdout).toContain("On this target");
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/\x1b/);
    const lines = stdout.split("\n");
    expect(lines.length).toBeGreaterThan(14);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("measures by time, and draws statements by weight", async () => {
    const queries = [
      "--query",
      "SELECT * FROM items WHERE id = 7@9",
      "--query",
      "SELECT count(*) FROM items",
    ];
    const args = [
      "--duration",
      "400ms",
      "--rounds",
      "2",
      "--strategy",
      "keepalive",
      "--warmup",
      "0",
      "--json",
    ];
    const { code, stdout } = await runCli(["bench", ...queries, ...args]);
    expect(code).toBe(0);
    const result = parse(stdout);
    expect(result.plan).toMatchObject({ operations: null, duration_ms: 400 });
    expect(result.plan.queries.map(({ weight }) => weight)).toEqual([9, 1]);
    expect(result.strategies[0]?.operations).toBeGreaterThan(20);
  });
});

describe.each(["file:", ":memory:"])("bench on %s", (kind) => {
  it("opens handles and no sockets, and claims nothing for keep-alive", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    const url = kind === "file:" ? `file:${join(folder, "bench.db")}` : kind;
    const json = await runCli(["bench", "--url", url, ...SMALL]);
    const result = parse(json.stdout);
    expect(result.sockets).toMatchObject({ total: 0, accepted_by_server: null });
    expect(result.strategies.map(({ connections_opened: opened }) => opened)).toEqual([60, null, 0, 0]);
    expect(result.strategies[1]?.connection_overhead_ms.p50).toBeNull();
    expect(result.strategies[1]?.null_reasons["connection_overhead_ms.p50"]).toMatch(/out of sight/);
    const text = await runCli(["bench", "--url", url, ...SMALL.slice(0, -1)]);
    expect(text.stdout).toContain("no network");
    expect([json.code, text.code]).toEqual([0, 0]);
    await rm(folder, { recursive: true });
  });
});
