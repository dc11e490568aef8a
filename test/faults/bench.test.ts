import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import type { BenchResult } from "#dist/bench/result.js";
import { startCli } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { parseJson } from "../support/schemas.js";
import { serve } from "../support/servers.js";

it("bench ends soon, with what it has and status 2, when its own embedded server dies", async () => {
  const cli = startCli(["bench", "--duration", "60s", "--warmup", "0", "--json"]);
  await eventually(() => /\d% measuring/.test(cli.stderr()), 30_000);
  const children = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(cli.pid)], { encoding: "utf8" });
  const server = Number(/^\s*(\d+) .*server-process/m.exec(children)?.[1]);
  process.kill(server, "SIGKILL");
  const { code, stdout, stderr } = await cli.finished;
  expect(code).toBe(2);
  expect(stderr).toContain("Error: the embedded server ended in mid-run.");
  const result = parseJson(stdout, "bench-result") as BenchResult;
  expect(result.sockets.accepted_by_server).toBeNull();
  expect(result.strategies.some(({ operations }) => operations > 0)).toBe(true);
});

/** A run on a server of its own, which is killed when the run is well under way. */
async function withoutItsServer(...flags: string[]) {
  const { server, url } = await serve("ws");
  const cli = startCli([
    "bench",
    "--url",
    url,
    "--operations",
    "4000",
    "--rounds",
    "4",
    "--warmup",
    "0",
    ...flags,
  ]);
  await eventually(async () => (await server.metrics()).statements > 1_000, 30_000);
  process.kill(server.pid, "SIGKILL");
  const finished = await cli.finished;
  await server.close();
  return finished;
}

it("bench says what failed when the server dies in mid-run, claims nothing from it, and ends with 2", async () => {
  const [text, json] = await Promise.all([withoutItsServer(), withoutItsServer("--json")]);
  expect([text.code, json.code]).toEqual([2, 2]);
  expect(text.stderr).toMatch(/^Warning: \w+: \d+ of 4000 operations failed, the first with: ws:/m);
  expect(text.stdout).not.toMatch(/as good|no difference/);
  const { strategies } = parseJson(json.stdout, "bench-result") as BenchResult;
  for (const { operations, errors, timeouts } of strategies)
    expect(operations + errors + timeouts).toBe(4_000);
  expect(strategies.some(({ errors }) => errors > 0)).toBe(true);
});
