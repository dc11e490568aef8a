import { expect } from "vitest";
import type { BenchResult } from "#dist/bench/result.js";
import { runCli, type Finished } from "./cli.js";
import { rawServer } from "./raw-server.js";
import { parseJson } from "./schemas.js";

/** With `--json`: the result as well, held to its schema. */
export async function benchJson(...args: string[]): Promise<Finished & { readonly result: BenchResult }> {
  const finished = await runCli(["bench", ...args, "--json"]);
  return { ...finished, result: parseJson(finished.stdout, "bench-result") as BenchResult };
}

/** Refused in one line, with exit 3, before a socket was opened. */
export async function expectNoLoad(args: readonly string[], ...parts: string[]): Promise<void> {
  await using target = await rawServer(() => undefined);
  const { code, stdout, stderr } = await runCli(["bench", "--url", `ws://127.0.0.1:${target.port}`, ...args]);
  expect(stderr).toMatch(/^Error: [^\n]+\n$/);
  for (const part of parts) expect(stderr).toContain(part);
  expect([code, stdout, target.accepted]).toEqual([3, "", 0]);
}
