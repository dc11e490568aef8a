import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { BenchResult, StrategyResult } from "#dist/bench/result.js";
import { runCli, startCli } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { parseJson } from "../support/schemas.js";
import { serve, type Scheme } from "../support/servers.js";

const BOTH = ["--strategy", "unpooled", "--strategy", "keepalive"];

/** A run whose server, one of its own, must have accepted as many sockets as the result says were opened. */
async function bench(scheme: Scheme, ...args: string[]): Promise<BenchResult> {
  await using target = await serve(scheme);
  const { code, stdout, stderr } = await runCli(["bench", "--url", target.url, ...args, "--json"]);
  expect([code, stderr.replace(/^\d+% .*\n/gm, "")]).toEqual([0, ""]);
  const result = parseJson(stdout, "bench-result") as BenchResult;
  expect((await target.server.metrics()).socketsAccepted).toBe(result.sockets.total);
  return result;
}

const of = ({ strategies }: BenchResult, name: string): StrategyResult => {
  const found = strategies.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${name} did not run`);
  return found;
};

describe.concurrent("an open loop", () => {
  it("of so many operations starts all of them at its rate", async () => {
    const load = ["--rate", "100/s", "--operations", "60", "--rounds", "3", "--warmup", "5"];
    const result = await bench("ws", ...BOTH, ...load);
    expect(result.plan).toMatchObject({
      ...{ loop: "open", rate_per_second: 100, arrivals: "constant", gap_ms: null },
      ...{ concurrency: 10, operations: 60, duration_ms: null, rounds: 3 },
    });
    for (const {
      operations,
      schedule,
      latency_ms: latency,
      service_latency_ms: service,
      ...one
    } of result.strategies) {
      expect([operations, schedule?.scheduled, schedule?.never_started]).toEqual([60, 60, 0]);
      expect(latency.p50).toBeGreaterThanOrEqual(service.p50 ?? NaN);
      expect(schedule?.lag_ms.p50).not.toBeNull();
      // Twenty of them in a block, from first to last 190 ms.
      for (const round of one.rounds) expect(round.elapsed_ms).toBeGreaterThanOrEqual(180);
      for (const round of one.rounds) expect(round.service_latency_hdr).not.toBeNull();
    }
    expect(of(result, "unpooled").sockets_opened).toBe(60);
    expect(of(result, "keepalive").warmup.sockets_opened).toBeGreaterThan(0);
    // How many there are in a second was given.
    expect(result.comparisons.map(({ metric }) => metric)).not.toContain("throughput_per_second");
  });

  it("by time, with poisson arrivals, starts about as many as its rate says, the same for the same seed", async () => {
    const load = ["--rate", "6000/m", "--arrivals", "poisson", "--duration", "1s", "--concurrency", "20"];
    const flags = ["--strategy", "keepalive", "--warmup", "0", "--seed", "5", "--rounds", "2"];
    const result = await bench("http", ...flags, ...load);
    expect(result.plan).toMatchObject({
      ...{ loop: "open", rate_per_second: 100, arrivals: "poisson" },
      ...{ concurrency: 20, operations: null, duration_ms: 1_000 },
    });
    const { schedule } = of(result, "keepalive");
    // Six standard deviations, and room for a stall across the end of a block.
    expect(schedule?.scheduled).toBeGreaterThan(40);
    expect(schedule?.scheduled).toBeLessThan(350);
    expect(schedule?.never_started).toBe(0);
  });

  it("that nobody can keep says so, and exits 0", async () => {
    const load = ["--strategy", "keepalive", "--rate", "1000000/s", "--duration", "400ms"];
    await using target = await serve("ws");
    const [json, text] = await Promise.all([
      runCli(["bench", "--url", target.url, ...load, "--json"]),
      runCli(["bench", "--url", target.url, ...load]),
    ]);
    expect([json.code, text.code]).toEqual([0, 0]);
    const result = parseJson(json.stdout, "bench-result") as BenchResult;
    expect(result.instrument_limited).toBe(true);
    const { schedule, instrument_limits: limits } = of(result, "keepalive");
    expect(schedule?.never_started).toBeGreaterThan(100_000);
    expect(schedule?.scheduled).toBeGreaterThanOrEqual(399_000);
    expect(limits.join()).toMatch(
      /10 workers were too few for the rate: \d+% of the operations were never started/,
    );
    const told = text.stdout.replace(/\s+/g, " ");
    expect(told).toContain("The load process was the limit for keepalive");
    expect(told).toContain("Never started: keepalive");
    expect(text.stderr.replace(/^\d+% .*\n/gm, "")).toBe("");
  });

  it("that is interrupted tells what it measured, soon", async () => {
    await using target = await serve("ws");
    const load = ["--rate", "200/s", "--duration", "60s", "--warmup", "0", ...BOTH];
    const cli = startCli(["bench", "--url", target.url, ...load, "--json"]);
    await eventually(async () => (await target.server.metrics()).statements > 100, 30_000);
    const interruptedAt = performance.now();
    cli.interrupt();
    const { code, stdout } = await cli.finished;
    expect(performance.now() - interruptedAt).toBeLessThan(10_000);
    const result = parseJson(stdout, "bench-result") as BenchResult;
    expect([code, result.interrupted]).toEqual([130, true]);
    for (const { operations, errors, schedule } of result.strategies) {
      // Nobody meant the rest to be started.
      expect([operations + errors, schedule?.never_started]).toEqual([schedule?.scheduled, 0]);
    }
    expect(result.strategies.some(({ operations }) => operations > 20)).toBe(true);
    expect((await target.server.metrics()).socketsAccepted).toBe(result.sockets.total);
  });
});

describe.concurrent("gaps", () => {
  it("end with one operation each, in rounds of their own, through which everybody idles at once", async () => {
    const load = ["--gap", "200ms", "--operations", "4", "--warmup", "2"];
    const startedAt = performance.now();
    const result = await bench("http", "--strategy", "client", ...BOTH, ...load);
    expect(performance.now() - startedAt).toBeGreaterThan(800);
    expect(result.plan).toMatchObject({
      ...{ loop: "gap", gap_ms: 200, rate_per_second: null, arrivals: null },
      ...{ concurrency: 1, operations: 4, duration_ms: null, rounds: 4 },
    });
    expect(result.strategies.map(({ operations, rounds }) => [operations, rounds.length])).toEqual(
      Array(3).fill([4, 4]),
    );
    for (const { schedule, throughput_per_second: rate, null_reasons: reasons } of result.strategies) {
      expect([schedule, rate, reasons.throughput_per_second]).toEqual([null, null, "the gaps set it"]);
    }
    expect(of(result, "unpooled").sockets_opened).toBe(4);
    expect(of(result, "keepalive").sockets_opened).toBe(0);
    expect(of(result, "keepalive").connection_overhead_ms.max).toBeLessThan(
      of(result, "unpooled").latency_ms.max ?? NaN,
    );
  });

  it("fill a duration", async () => {
    const result = await bench("ws", "--strategy", "keepalive", "--gap", "100ms", "--duration", "550ms");
    expect(result.plan).toMatchObject({ operations: 5, duration_ms: null, rounds: 5, gap_ms: 100 });
    expect(of(result, "keepalive").operations).toBe(5);
  });

  it("of a minute end at once with Ctrl-C, and with what was measured", async () => {
    await using target = await serve("ws");
    const cli = startCli([
      ...["bench", "--url", target.url, "--strategy", "keepalive", "--json"],
      ...["--gap", "60s", "--operations", "3", "--warmup", "1"],
    ]);
    // Preflight, one operation of the warm-up, and then a gap.
    await eventually(() => /\d% measuring|measuring/.test(cli.stderr()), 30_000);
    await sleep(300);
    const interruptedAt = performance.now();
    cli.interrupt();
    const { code, stderr } = await cli.finished;
    expect(performance.now() - interruptedAt).toBeLessThan(5_000);
    expect([code, stderr]).toEqual([
      130,
      expect.stringContaining("interrupted before anything was measured"),
    ]);
  });

  it("that are interrupted after some operations tell of these", async () => {
    await using target = await serve("ws");
    const cli = startCli([
      ...["bench", "--url", target.url, "--strategy", "keepalive", "--query", "SELECT 2", "--json"],
      ...["--gap", "1500ms", "--operations", "30", "--warmup", "0"],
    ]);
    const before = await eventuallyStatements(target.server);
    await eventually(async () => (await target.server.metrics()).statements >= before + 2, 30_000);
    const interruptedAt = performance.now();
    cli.interrupt();
    const { code, stdout } = await cli.finished;
    expect(performance.now() - interruptedAt).toBeLessThan(5_000);
    const result = parseJson(stdout, "bench-result") as BenchResult;
    expect([code, result.interrupted]).toEqual([130, true]);
    const { operations, rounds } = of(result, "keepalive");
    expect(operations).toBeGreaterThanOrEqual(1);
    expect(operations).toBe(rounds.length);
    expect(rounds.every((round) => round.operations === 1)).toBe(true);
  });
});

/** How many statements a server has run once the preflight is over, and none has come for a while. */
async function eventuallyStatements(server: { metrics(): Promise<{ statements: number }> }): Promise<number> {
  let last = 0;
  await eventually(async () => {
    await sleep(300);
    const { statements } = await server.metrics();
    const isStill = statements > 20 && statements === last;
    last = statements;
    return isStill;
  }, 30_000);
  return last;
}

it("a second database does not disturb the count of sockets of an embedded one", async () => {
  await using base = await serve("ws");
  const plan = ["--operations", "20", "--rounds", "2", "--warmup", "4", "--rate", "200/s"];
  const args = ["bench", "--against", base.url, "--no-tls", ...BOTH, ...plan, "--json"];
  const { code, stdout } = await runCli(args);
  expect(code).toBe(0);
  const { sockets } = parseJson(stdout, "bench-result") as BenchResult;
  expect(sockets.accepted_by_server).toBe(sockets.total);
});
