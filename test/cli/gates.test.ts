import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCli, type Finished } from "../support/cli.js";
import { benchJson, expectNoLoad } from "../support/gated.js";
import { serve, type TestServer } from "../support/servers.js";

const SMALL = ["--strategy", "keepalive", "--operations", "120", "--rounds", "6", "--warmup", "10"];
/** What nobody can tell: identical code is as likely to be above as below. */
const NO_DIFFERENCE = "ratio(keepalive, keepalive@again, latency_ms.p50) > 1";
/** An interval of it takes 5,000 operations. There is a pause of 50 ms before every 20: nobody gets there in time. */
const UNTELLABLE = "keepalive.latency_ms.p999 < 10s";
const NEVER = "keepalive.latency_ms.p95 < 1ns";
const SURELY = "keepalive.latency_ms.p50 < 100s";

let plain: TestServer;
let far: TestServer;

beforeAll(async () => {
  [plain, far] = await Promise.all([serve("ws"), serve("ws", { network: { rttMs: 20 } })]);
});

afterAll(async () => {
  await Promise.all([plain.server.close(), far.server.close()]);
});

const bench = (...args: string[]): Promise<Finished> => runCli(["bench", "--url", plain.url, ...args]);

describe.concurrent("a threshold", () => {
  it("that cannot hold exits 99 and names the figure", async () => {
    const { code, stdout } = await bench(...SMALL, "--threshold", NEVER);
    expect(code).toBe(99);
    expect(stdout).toMatch(/^FAIL +keepalive\.latency_ms\.p95 < 1ns: \d/m);
    expect(stdout).toContain("Gate: fail (1 of 1 threshold)");
  });

  it("that surely holds exits 0, beside one that fails 99", async () => {
    const { code, result } = await benchJson("--url", plain.url, ...SMALL, "--threshold", SURELY);
    expect([code, result.verdict]).toEqual([0, "pass"]);
    expect(result.gates).toMatchObject([
      { threshold: SURELY, source: "threshold", verdict: "pass", limit: 100_000, unit: "ms", refused: false },
    ]);
    const both = ["--threshold", SURELY, "--threshold", NEVER];
    const failed = await benchJson("--url", plain.url, ...SMALL, ...both);
    expect([failed.code, failed.result.verdict]).toEqual([99, "fail"]);
    expect(failed.result.gates.map(({ verdict }) => verdict)).toEqual(["pass", "fail"]);
  });

  it.each([
    ["75", 75, []],
    ["0 with --on-inconclusive pass", 0, ["--on-inconclusive", "pass"]],
    ["99 with --on-inconclusive fail", 99, ["--on-inconclusive", "fail"]],
  ] as const)("that nobody can tell exits %s, within --max-duration", async (_, exit, flags) => {
    const startedAt = performance.now();
    const gate = ["--threshold", UNTELLABLE, "--max-duration", "2s", ...flags];
    const { code, result } = await benchJson("--url", plain.url, ...SMALL, ...gate);
    expect([code, result.verdict]).toEqual([exit, "inconclusive"]);
    expect(result.gates[0]?.reason).toMatch(/^an interval of it takes \d+ operations, there were \d+$/);
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  it("that identical code is better than itself is not told", { retry: 3 }, async () => {
    const gate = ["--calibrate", "--threshold", NO_DIFFERENCE, "--max-duration", "5s"];
    const { code, result } = await benchJson("--url", plain.url, ...SMALL, ...gate);
    expect([code, result.verdict]).toEqual([75, "inconclusive"]);
    expect(result.gates).toMatchObject([{ refused: false, reason: "the limit lies within the interval" }]);
    // It took the time that it had.
    expect(result.strategies[0]?.rounds.length).toBeGreaterThan(6);
  });

  it("on what does not run is wrong usage, before any load", async () => {
    await expectNoLoad(
      [...SMALL, "--threshold", "unpooled.latency_ms.p95 < 10ms"],
      '"unpooled" does not run; these do: keepalive',
      "--strategy unpooled",
    );
    await expectNoLoad([...SMALL, "--threshold", NO_DIFFERENCE], '"keepalive@again"', "--calibrate");
    await expectNoLoad(
      [...SMALL, "--threshold", "keepalive@base.latency_ms.p95 < 1s"],
      '"keepalive@base"',
      "--against",
    );
  });

  it("never passes where the load process was the limit", async () => {
    const load = ["--strategy", "keepalive", "--rate", "1000000/s", "--duration", "500ms"];
    const gate = ["--threshold", SURELY, "--max-duration", "1500ms"];
    const { code, result } = await benchJson("--url", plain.url, ...load, ...gate);
    expect([code, result.verdict, result.instrument_limited]).toEqual([75, "inconclusive", true]);
    expect(result.gates[0]?.reason).toContain("the load process was the limit for keepalive");
    expect(result.strategies[0]).toMatchObject({ instrument_limited: true });
    expect(result.strategies[0]?.instrument_limits).not.toEqual([]);
  });
});

describe.concurrent("--against", () => {
  const gate = ["--max-regression", "50%", "--max-duration", "10s"];

  it("the same server passes or cannot tell, and never fails", async () => {
    const { code, result } = await benchJson("--url", plain.url, "--against", plain.url, ...SMALL, ...gate);
    expect([0, 75]).toContain(code);
    expect(result.verdict).toBe(code === 0 ? "pass" : "inconclusive");
    expect(result.gates.map(({ source, limit, unit }) => [source, limit, unit])).toEqual([
      ["regression", 50, "percent"],
      ["regression", 50, "percent"],
      ["regression", 1, "percent"],
    ]);
    expect(result.strategies.map(({ name }) => name)).toEqual(["keepalive", "keepalive@base"]);
    expect(result.against?.url).toBe(plain.url);
  });

  it("a server that is nearer fails, in text too", async () => {
    const args = ["--url", far.url, "--against", plain.url, ...SMALL, ...gate];
    const [json, text] = await Promise.all([benchJson(...args), runCli(["bench", ...args])]);
    expect([json.code, json.result.verdict, text.code]).toEqual([99, "fail", 99]);
    expect(text.stdout).toMatch(/^FAIL +keepalive\.latency_ms\.p50 against keepalive@base, rise <= 50%:/m);
    const median = json.result.strategies.map(({ latency_ms: { p50 } }) => p50 ?? NaN);
    expect(median[0]).toBeGreaterThan(20);
    expect(json.result.gates[0]?.value).toBeGreaterThan(50);
  });

  it("a server that is farther away passes", async () => {
    const args = ["--url", plain.url, "--against", far.url, ...SMALL, ...gate];
    const { code, result } = await benchJson(...args);
    expect([code, result.verdict]).toEqual([0, "pass"]);
  });

  it("counts the sockets of the first database only", async () => {
    await using head = await serve("ws");
    await using base = await serve("ws");
    const { result } = await benchJson(
      ...["--url", head.url, "--against", base.url, "--strategy", "unpooled", "--strategy", "keepalive"],
      ...["--operations", "20", "--rounds", "2", "--warmup", "4"],
    );
    expect((await head.server.metrics()).socketsAccepted).toBe(result.sockets.total);
    const opened = result.strategies.map(({ name, sockets_opened: sockets }) => [name, sockets]);
    expect(opened).toContainEqual(["unpooled", 20]);
    expect(opened).toContainEqual(["unpooled@base", 20]);
  });
});

describe.concurrent("--calibrate", () => {
  it("tells what identical code differs by, for each strategy and figure", async () => {
    const { code, result } = await benchJson("--url", plain.url, ...SMALL, "--calibrate");
    expect([code, result.verdict, result.gates]).toEqual([0, null, []]);
    expect(result.strategies.map(({ name }) => name)).toEqual(["keepalive", "keepalive@again"]);
    expect(result.noise?.map(({ strategy, metric }) => `${strategy} ${metric}`)).toEqual([
      "keepalive latency_ms.p50",
      "keepalive latency_ms.p95",
      "keepalive latency_ms.p99",
      "keepalive throughput_per_second",
    ]);
    const [median] = result.noise ?? [];
    expect(median?.noise_floor_percent).toBeGreaterThan(0);
    expect(median?.smallest_detectable_percent).toBeGreaterThan(0);
  });

  // Identical code may seem to differ, once in twenty runs, and what failed is not refused.
  it("refuses a gate on less than that, with what it would take, and exits 3", { retry: 3 }, async () => {
    const args = ["--against", plain.url, ...SMALL, "--calibrate", "--max-regression", "0.01%"];
    const { code, stderr, result } = await benchJson("--url", plain.url, ...args, "--max-duration", "2s");
    expect([code, result.verdict]).toEqual([3, "inconclusive"]);
    expect(result.gates.map(({ refused }) => refused)).toEqual([true, true, false]);
    expect(stderr).toMatch(/refused: .*to tell 0\.01% takes about [\d,]+ operations of each strategy/);
    expect(stderr).not.toMatch(/\n {4}at /);
  });
});
