import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TunePlanResult } from "#dist/tune/result.js";
import { runCli, type Finished } from "../support/cli.js";
import { parseJson } from "../support/schemas.js";
import { closedPort } from "../support/servers.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

const tune = (...args: string[]): Promise<Finished> => runCli(["tune", ...args]);

/** Exactly one line on stderr, nothing on stdout, and the exit code. */
function expectRefusal({ code, stdout, stderr }: Finished, expected: number, ...parts: string[]): void {
  for (const part of parts) expect(stderr).toContain(part);
  expect(stderr).toMatch(/^Error: [^\n]+\n$/);
  expect([code, stdout]).toEqual([expected, ""]);
}

describe.concurrent("tune refuses, in one line, and exits 3 for", () => {
  it.each([
    [
      ["--workload", "rush-hour"],
      ["--workload", "high-frequency"],
    ],
    [
      ["--rate", "10"],
      ["--rate", "10/s"],
    ],
    [
      ["--read-write", "90"],
      ["--read-write", "90:10"],
    ],
    [
      ["--max-idle", "2m"],
      ["--max-idle", "at most 90s"],
    ],
    [
      ["--budget", "5"],
      ["--budget", "5ms or 5s"],
    ],
    [
      ["--max-connections-tried", "0"],
      ["--max-connections-tried", "from 2"],
    ],
    [
      ["--query", "DELETE FROM items"],
      ["--query", "may write", "only reads"],
    ],
    [
      ["--keep-alive-interval", "2m"],
      ["--keep-alive-interval", "--stale-threshold (1m)"],
    ],
    [
      ["--parallel-statements", "4"],
      ["--parallel-statements", "--statement-time"],
    ],
    [
      ["--url", "bogus://host"],
      ["--url", "unknown scheme"],
    ],
    [
      ["--url", "ws://host", "--http-keep-alive", "5s"],
      ["--http-keep-alive", "embedded server only"],
    ],
    [
      ["--url", "ws://host", "--statement-time", "5ms"],
      ["--statement-time", "embedded server only"],
    ],
    [
      ["--url", "ws://host", "--dry-run", "--rtt", "5ms"],
      ["--rtt", "embedded server only"],
    ],
  ])("%j", async (args, parts) => {
    expectRefusal(await tune(...args), 3, ...parts);
  });

  it("a file to apply to that has a syntax error, before anything else, and leaves it as it is", async () => {
    const file = join(folder, "broken.json");
    const text = '{ "pool": {\n  "maxConnections": 3,\n} }';
    await writeFile(file, text);
    const url = `ws://127.0.0.1:${await closedPort()}`;
    expectRefusal(
      await tune("--url", url, "--apply", file),
      3,
      `--apply: ${file}: line 3, column 1: not JSON`,
    );
    expect(await readFile(file, "utf8")).toBe(text);
  });

  it("a file to apply to that cannot be there", async () => {
    const file = join(folder, "no", "such", "c.json");
    expectRefusal(await tune("--apply", file), 3, "--apply", file, "directory does not exist");
  });
});

it("tune ends at once with 2 when a connection is refused, and makes no file", async () => {
  const url = `ws://127.0.0.1:${await closedPort()}`;
  const inside = await mkdtemp(join(folder, "empty-"));
  expectRefusal(await tune("--url", url, "--apply", join(inside, "c.json")), 2, url, "refused");
  expect(await readdir(inside)).toEqual([]);
});

describe("tune --dry-run", () => {
  it("prints the plan for a database that it does not connect to", async () => {
    const url = `ws://127.0.0.1:${await closedPort()}`;
    const args = ["--dry-run", "--max-connections-tried", "9", "--workload", "bursty"];
    const { code, stdout, stderr } = await tune("--url", url, ...args);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toContain(url);
    const json = await tune("--url", url, ...args, "--json");
    expect([json.code, json.stderr]).toEqual([0, ""]);
    const plan = parseJson(json.stdout, "tune-result") as TunePlanResult;
    expect(plan).toMatchObject({ command: "tune", dry_run: true, target: { url, embedded: false } });
    expect(plan.profile.name).toBe("bursty");
    expect(plan.connections).toBeLessThanOrEqual(9);
  });

  it("prints it for the embedded server, and starts none", async () => {
    const { code, stdout, stderr } = await tune("--dry-run", "--json", "--transport", "http", "--rtt", "5ms");
    expect([code, stderr]).toEqual([0, ""]);
    const { target } = parseJson(stdout, "tune-result") as TunePlanResult;
    expect(target).toMatchObject({ url: "https://localhost", embedded: true, network: { rtt_ms: 5 } });
  });
});
