import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BenchResult } from "#dist/bench/result.js";
import { runCli, type Finished } from "../support/cli.js";
import { parseJson } from "../support/schemas.js";

const BIN = fileURLToPath(new URL("../../bin/run.js", import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
/** Runs a command with this configuration file. */
async function run(
  settings: unknown,
  args: readonly string[],
  env?: NodeJS.ProcessEnv,
): Promise<Finished & { file: string }> {
  const file = join(folder, `${++files}.json`);
  await writeFile(file, typeof settings === "string" ? settings : JSON.stringify(settings));
  const finished = await runCli([...args, "--config", file], env);
  return { ...finished, file };
}

const SMALL = { strategy: ["keepalive"], operations: 20, rounds: 2, warmup: 0 };

describe("bench with a configuration file", () => {
  it("does what the file says, and what the command line says instead", async () => {
    const settings = { url: ":memory:", pool: { maxConnections: 3 }, bench: { ...SMALL, seed: 7 } };
    const { code, stdout, stderr } = await run(settings, ["bench", "--json", "--operations", "30"]);
    expect([code, stderr]).toEqual([0, ""]);
    const result = parseJson(stdout, "bench-result") as BenchResult;
    expect(result.target.url).toBe(":memory:");
    expect(result.plan).toMatchObject({ seed: 7, operations: 30, rounds: 2, strategies: ["keepalive"] });
  });

  it("measures the database of the environment rather than the file's", async () => {
    const { code, stdout } = await run({ url: "bogus://x", bench: SMALL }, ["bench", "--json"], {
      LIBSQL_URL: ":memory:",
    });
    expect(code).toBe(0);
    expect((parseJson(stdout, "bench-result") as BenchResult).target.url).toBe(":memory:");
  });

  it("takes turso-pool.config.json from the working directory, and says so in a line", async () => {
    const here = await mkdtemp(join(folder, "here-"));
    await writeFile(
      join(here, "turso-pool.config.json"),
      JSON.stringify({ url: ":memory:", bench: { ...SMALL, duration: "1h" } }),
    );
    const env = { PATH: process.env.PATH };
    const finished = await new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
      execFile(
        process.execPath,
        [BIN, "bench", "--json", "--operations", "20"],
        { cwd: here, env },
        (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
      );
    });
    expect(finished.code).toBe(0);
    expect(finished.stderr).toBe(
      "Settings from turso-pool.config.json: bench.strategy, bench.warmup, bench.rounds, url.\n",
    );
    expect(parseJson(finished.stdout, "bench-result")).toMatchObject({ plan: { operations: 20 } });
  });
});

describe("a configuration file is refused in one line with file, key and remedy, and status 3, for", () => {
  it.each([
    [{ bench: { strategies: [] } }, "bench.strategies: there is no such setting; did you mean strategy?"],
    [{ pool: { pingTimeout: 5 } }, 'pool.pingTimeout: 5 is not a duration with a unit: write "5ms" or "5s"'],
    [
      { pool: { keepAliveInterval: "2m" } },
      'pool.keepAliveInterval: "2m" is not at most --stale-threshold (1m)',
    ],
    [{ bench: { duration: "0s" } }, 'bench.duration: "0s"'],
    [{ bench: { query: ["SELECT 1@0"] } }, 'bench.query: "SELECT 1@0" is not a statement with a weight'],
    [{ bench: { duration: "1s", operations: 5 } }, "bench."],
    [{ url: "bogus://u:s3cret@x?authToken=s3cret" }, 'url: "bogus://***@x?authToken=***": unknown scheme'],
    ['{ "bench": {\n  "rounds": 5,\n} }', "line 3, column 1"],
  ])("%j", async (settings, told) => {
    const { code, stdout, stderr, file } = await run(settings, ["bench"]);
    expect(stderr).toContain(`Error: ${file}: ${told}`);
    expect(stderr).toMatch(/^Error: [^\n]+\n$/);
    expect(stderr).not.toContain("s3cret");
    expect([code, stdout]).toEqual([3, ""]);
  });

  it("not being there", async () => {
    const { code, stderr } = await runCli(["bench", "--config", "no-such-file.json"]);
    expect([code, stderr]).toEqual([3, "Error: --config: no-such-file.json: there is no such file.\n"]);
  });

  it("a section of another command, whichever command is run", async () => {
    const { code, stderr } = await run({ bench: { rounds: 0 } }, ["serve"]);
    expect(code).toBe(3);
    expect(stderr).toContain("bench.rounds: 0 is not a whole number from 1");
  });
});

describe("the pool's options in the environment", () => {
  const small = ["bench", "--url", ":memory:", "--strategy", "keepalive", "--operations", "20", "--rounds=2"];

  it("win over the file, give way to flags, and are told in a line", async () => {
    const pool = { maxConnections: 3, minConnections: 2, pingTimeout: "1s" };
    const { code, stdout, stderr } = await run({ pool }, [...small, "--json", "--min-connections", "4"], {
      TURSO_POOL_MAX_CONNECTIONS: "7",
      TURSO_POOL_MIN_CONNECTIONS: "5",
      TURSO_POOL_STALE_THRESHOLD: "",
    });
    expect([code, stderr]).toEqual([0, "Settings from the environment: TURSO_POOL_MAX_CONNECTIONS.\n"]);
    expect((parseJson(stdout, "bench-result") as BenchResult).plan.pool).toMatchObject({
      ...{ max_connections: 7, min_connections: 4, ping_timeout: 1_000, stale_threshold: 60_000 },
    });
  });

  it.each([
    [{ TURSO_POOL_PING_TIMEOUT: "5" }, 'TURSO_POOL_PING_TIMEOUT: "5" is not a duration with a unit'],
    [{ TURSO_POOL_MAX_CONNECTIONS: "0" }, 'TURSO_POOL_MAX_CONNECTIONS: "0" is not a whole number from 1'],
    [
      { TURSO_POOL_MIN_CONNECTIONS: "9", TURSO_POOL_MAX_CONNECTIONS: "2" },
      "TURSO_POOL_MIN_CONNECTIONS: 9 is not at most TURSO_POOL_MAX_CONNECTIONS (2)",
    ],
  ])("are refused by the variable's name: %j", async (env, told) => {
    const { code, stdout, stderr } = await runCli(small, env);
    expect(stderr).toContain(`Error: ${told}`);
    expect([code, stdout]).toEqual([3, ""]);
  });

  it("are no business of a command without a pool, or of a pool that is elsewhere", async () => {
    const env = { TURSO_POOL_MAX_CONNECTIONS: "0" };
    const { code, stderr } = await runCli(["stats", "--attach", "/no/such.sock"], env);
    expect([code, stderr]).toEqual([3, expect.stringContaining("no such file or socket")]);
  });
});
