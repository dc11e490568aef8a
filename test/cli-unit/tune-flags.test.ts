import { Parser } from "@oclif/core";
import { describe, expect, it } from "vitest";
import { withPoolOf } from "../../src/cli/tune-current.js";
import { tuneFlags, tunePlan, type TuneFlags } from "../../src/cli/tune-flags.js";
import { tuneServerChoices } from "../../src/cli/tune-server-flags.js";
import { overOtherTransport } from "../../src/cli/tune-ways.js";
import { parseTarget } from "../../src/libsql/target.js";
import { profileOf, WORKLOADS } from "../../src/tune/profile.js";

const flagsOf = async (...argv: string[]): Promise<TuneFlags> =>
  (await Parser.parse(argv, { flags: tuneFlags })).flags as TuneFlags;
const plan = async (...argv: string[]) => tunePlan({ flags: await flagsOf(...argv), sources: [] });

describe("the flags of tune", () => {
  it("ask for the default workload within 5 minutes and 32 connections, unless they say otherwise", async () => {
    expect(await plan("--seed=7")).toEqual({
      profile: profileOf("default"),
      ...{ current: {}, currentFrom: "the library's defaults" },
      ...{ maxIdle: 60_000, budget: 300_000, maxConnectionsTried: 32, quotaPerDay: null, seed: 7 },
      queries: [{ sql: "SELECT 1", weight: 1 }],
    });
    expect(await flagsOf()).toMatchObject({ timeout: 5_000, "connect-timeout": 10_000 });
  });

  it.each(WORKLOADS)("take a workload by name: %s, with the search that belongs to it", async (name) => {
    const { profile, maxIdle } = await plan("--workload", name);
    expect(profile).toEqual(profileOf(name));
    expect(maxIdle).toBe(profile.maxIdle);
  });

  it("describe traffic of one's own, over the workload", async () => {
    const own = ["--rate=30/m", "--burst=8", "--gap=0s", "--read-write=90:10", "--workload=bursty"];
    const { profile } = await plan(...own);
    expect(profile).toMatchObject({ name: "own", perSecond: 0.5, burst: 8, gap: 0, writes: 0.1 });
    expect(profile.keepAliveInterval).toBe(profileOf("bursty").keepAliveInterval);
    expect((await plan("--read-write=1:0")).profile.writes).toBe(0);
    expect((await plan("--read-write=0:1")).profile.writes).toBe(1);
    expect((await plan("--rate=50/s")).profile).toMatchObject({
      name: "own",
      burst: profileOf("default").burst,
    });
  });

  it("say what is used now, and where that comes from", async () => {
    const flags = await flagsOf("--max-connections=4", "--connection-timeout=1s", "--pool-idle-timeout=1m");
    const sources = ["turso-pool.config.json", "TURSO_POOL_IDLE_TIMEOUT", "--max-connections"];
    expect(tunePlan({ flags, sources })).toMatchObject({
      current: { maxConnections: 4, connectionTimeout: 1_000, idleTimeout: 60_000 },
      currentFrom: "turso-pool.config.json, TURSO_POOL_IDLE_TIMEOUT and --max-connections",
    });
    expect(tunePlan({ flags, sources: ["a.json"] }).currentFrom).toBe("a.json");
  });

  it("bound what is tried", async () => {
    const args = ["--max-idle=20s", "--budget=1m", "--max-connections-tried=8", "--quota=1000"];
    expect(await plan(...args, "--query=SELECT 2@3")).toMatchObject({
      ...{ maxIdle: 20_000, budget: 60_000, maxConnectionsTried: 8, quotaPerDay: 1_000 },
      queries: [{ sql: "SELECT 2", weight: 3 }],
    });
  });

  it.each([
    [["--max-idle=91s"], '--max-idle: "91s" is not at most 90s'],
    [["--rate=10"], "write 10/s"],
    [["--rate=0/s"], "--rate"],
    [["--burst=0"], "--burst"],
    [["--read-write=90"], '--read-write: "90" is not reads to writes, such as 90:10'],
    [["--read-write=0:0"], "--read-write"],
    [["--read-write=-1:2"], "--read-write"],
    [["--max-connections-tried=1"], "from 2"],
    [["--min-connections=11"], "--max-connections (10)"],
    [["--workload=rush-hour"], "--workload"],
    [["--query=DELETE FROM a"], '--query: "DELETE FROM a" may write'],
    [["--query=SELECT 1; DROP TABLE a"], "may write"],
    [["--query="], "--query"],
  ])("%j is refused by the flag's name", async (args, told) => {
    await expect(plan(...args)).rejects.toThrow(told);
  });

  it("make the embedded server what it is to be, and are for no other", async () => {
    const flags = await flagsOf(
      ...["--http-keep-alive=5s", "--server-idle-timeout=6s", "--stream-expiry=7s", "--max-streams=8"],
      ...["--statement-time=5ms", "--parallel-statements=4", "--idle-timeout=12s", "--idle-drop", "--no-tls"],
    );
    const { given, server, network, tls } = tuneServerChoices(flags, 1);
    expect(server).toMatchObject({
      ...{ httpKeepAliveMs: 5_000, idleTimeoutMs: 6_000, streamExpiryMs: 7_000, limits: { maxStreams: 8 } },
      ...{ statementTimeMs: 5, parallelStatements: 4 },
    });
    expect(network).toMatchObject({ idleTimeoutMs: 12_000, idleDrop: true });
    expect([tls, given.length]).toEqual([false, 9]);
    expect(given).toContain("--http-keep-alive");
    expect(tuneServerChoices(await flagsOf(), 1)).toMatchObject({ given: [], transport: "ws", tls: true });
  });
});

describe("what the file to change says of the pool", () => {
  const file = (pool: Record<string, string | number>) => ({
    name: "c.json",
    settings: { pool, url: "ws://x" },
  });

  it("is what is used now, but for what flags and the rest say", async () => {
    const flags = await flagsOf("--max-connections=4");
    const pool = { maxConnections: 9, pingTimeout: "250ms", idleTimeout: "1m" };
    const current = await withPoolOf(file(pool), { flags, sources: ["--max-connections"] });
    expect(current.flags.url).toBeUndefined();
    expect(tunePlan(current)).toMatchObject({
      current: { maxConnections: 4, pingTimeout: 250, idleTimeout: 60_000 },
      currentFrom: "--max-connections and c.json",
    });
  });

  it("is nothing where all of it is said elsewhere, or there is none", async () => {
    const current = { flags: await flagsOf("--max-connections=4"), sources: ["--max-connections"] };
    expect(await withPoolOf(file({ maxConnections: 9 }), current)).toEqual(current);
    expect(await withPoolOf({ name: "c.json", settings: {} }, current)).toEqual(current);
  });

  it("is refused by its place there", async () => {
    const current = { flags: await flagsOf(), sources: [] };
    await expect(withPoolOf(file({ pingTimeout: "0s" }), current)).rejects.toThrow(
      '--apply: c.json: pool.pingTimeout: "0s" is not longer than nothing',
    );
    await expect(withPoolOf(file({ minConnections: 50 }), current)).rejects.toThrow(
      "--apply: c.json: pool.minConnections: 50 is not at most --max-connections (10)",
    );
  });
});

describe("the other way to a database", () => {
  it.each([
    ["libsql://db.example", "wss://db.example", 443],
    ["https://db.example:8443/a/b", "wss://db.example:8443/a/b", 8_443],
    ["http://db.example", "ws://db.example", 80],
    ["ws://[::1]:8080", "http://[::1]:8080", 8_080],
    ["wss://db.example/", "https://db.example", 443],
    ["libsql://db.example:80?tls=0", "ws://db.example", 80],
  ])("of %s is %s", (url, expected, port) => {
    expect(overOtherTransport(parseTarget(url, "t0ken"))).toMatchObject({
      ...{ display: expected, port, authToken: "t0ken" },
    });
  });

  it("is not there for a file", () => {
    expect(overOtherTransport(parseTarget("file:a.db"))).toBeUndefined();
    expect(overOtherTransport(parseTarget(":memory:"))).toBeUndefined();
  });

  it("keeps a token that came in the URL, and does not show it", () => {
    const other = overOtherTransport(parseTarget("libsql://db.example?authToken=s3cret"));
    expect(other).toMatchObject({ authToken: "s3cret", display: "wss://db.example" });
  });
});
