import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BenchResult } from "#dist/bench/result.js";
import { runCli } from "../support/cli.js";
import { parseJson } from "../support/schemas.js";
import { SLOW_SQL, slowServer, type Stall } from "../support/slow-server.js";

const STALL_MS = 1_000;
const PLAN = ["--strategy", "keepalive", "--query", SLOW_SQL, "--duration", "10s", "--warmup", "0"];

/** Runs against a server that answers in 2 ms, and once not at all for a second. */
async function withStall(stall: Omit<Stall, "length">, ...args: string[]) {
  const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
  const output = join(folder, "result.json");
  const delay = { kind: "two", fast: 2, slow: 2, share: 0 } as const;
  await using server = await slowServer(delay, 1, { ...stall, length: STALL_MS });
  const { code, stdout } = await runCli(["bench", "--url", server.url, ...PLAN, "--output", output, ...args]);
  expect(code).toBe(0);
  const times = (await server.served()).map(({ readAt, writtenAt }) => (writtenAt ?? NaN) - readAt);
  // There was one.
  expect(Math.max(...times)).toBeGreaterThan(900);
  const [strategy] = (parseJson(await readFile(output, "utf8"), "bench-result") as BenchResult).strategies;
  await rm(folder, { recursive: true });
  if (strategy === undefined) throw new Error("no strategy ran");
  return { strategy, text: stdout.replace(/\s+/g, " ") };
}

describe.concurrent("a stall of 1 s in 10 s", () => {
  // Blocks are 1 s long, so that any stall goes across an end of one.
  it.each([
    ["in the middle of a block", 5, 480],
    ["just before the end of a block", 3, 960],
    ["at the beginning of a block", 7, 20],
  ])(
    "%s is charged to all whom it delays at 100/s, and to few as service time",
    { retry: 1 },
    async (_, block, offset) => {
      const { strategy, text } = await withStall({ block, offset }, "--rate", "100/s");
      const { latency_ms: latency, service_latency_ms: service, schedule } = strategy;
      expect(latency.p99).toBeGreaterThanOrEqual(800);
      // A hundred of some 1,100 wait, for half of the stall at the median.
      expect(latency.p95).toBeGreaterThan(300);
      expect(latency.p75).toBeLessThan(200);
      expect(service.p95).toBeLessThan(200);
      expect(schedule).toMatchObject({ never_started: 0 });
      expect(schedule?.found_no_worker).toBeGreaterThan(50);
      expect(schedule?.scheduled).toBeGreaterThanOrEqual(990);
      expect(text).toContain("open loop");
      expect(text).not.toMatch(/closed loop/i);
    },
  );

  it("is one operation to a closed loop, which does not see it at P99 and says what it is", async () => {
    const { strategy, text } = await withStall({ block: 5, offset: 480 });
    const { latency_ms: latency, service_latency_ms: service, schedule } = strategy;
    expect(latency.max).toBeGreaterThan(900);
    expect(latency.p99).toBeLessThan(300);
    expect([service, schedule]).toEqual([latency, null]);
    expect(text).toContain("1 caller, closed loop");
    expect(text).toContain("Closed loop: a stall delays one operation of each caller");
  });
});
