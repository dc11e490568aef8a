import { execFileSync, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { LookResult, StatsResult } from "#dist/watch/result.js";
import { runCli, startCli } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { parseJson } from "../support/schemas.js";
import { serve } from "../support/servers.js";
import { flagsFor, statsJson } from "../support/stats-runs.js";

const lines = (stdout: string): unknown[] =>
  stdout
    .trimEnd()
    .split("\n")
    .map((line) => parseJson(line, "stats-result"));

describe("stats", () => {
  it("holds a pool under a light load on a server of its own, and reports without a colour in 80 columns", async () => {
    const { code, stdout, stderr } = await runCli(["stats", "--duration", "3s", "--interval", "1s"]);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^No --url: [^\n]+wss:\/\/localhost:\d+\.\n$/)]);
    const [head = "", title, ...report] = stdout.split("\n\n");
    expect(head).toMatch(/^ +wait- sock- .*\ntime active idle .*\n {2}0s .*\n {2}1s .*\n {2}2s .*\n {2}3s /);
    expect(title).toMatch(/^wss:\/\/localhost:\d+ \(embedded\) · 10\/s by 4 callers · 3s$/);
    expect(report[0]).toMatch(/^Keep-alive statistics\nTotal connections created +\d+ /);
    expect(report.at(-1)).toBe("No alerts.\n");
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\x1b\r]/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each(["ws", "http"] as const)(
    "prints one document with --json over %s: as many sockets as the server accepted",
    async (scheme) => {
      await using target = await serve(scheme);
      const { code, result, stderr } = await statsJson(
        "--url",
        target.url,
        "--duration",
        "2s",
        "--rate",
        "50/s",
      );
      expect([code, result.mode, result.interrupted]).toEqual([0, "load", false]);
      expect(result.target).toMatchObject({ url: target.url, transport: scheme, embedded: false });
      expect(result.load?.operations).toBe(result.load?.scheduled);
      expect(result.load?.operations).toBe(result.snapshot.statistics.total_checkouts);
      const { socketsAccepted } = await target.server.metrics();
      // The first one was the preflight's.
      expect(socketsAccepted).toBe((result.snapshot.sockets?.opened ?? 0) + 1);
      await eventually(async () => (await target.server.metrics()).socketsOpen === 0);
      // The live view goes to stderr.
      expect(stderr).toMatch(/^ +wait- sock-/);
    },
  );

  it("prints a line for each look with --json-lines, then one for the summary", async () => {
    const { code, stdout } = await runCli(["stats", "--json-lines", "--duration", "2s", "--interval", "1s"]);
    const all = lines(stdout) as (LookResult | StatsResult)[];
    expect(all.map(({ type }) => type)).toEqual(["look", "look", "look", "summary"]);
    expect(code).toBe(0);
    const [, second] = all as LookResult[];
    expect(second?.rates.checkouts_per_second).toBeGreaterThan(0);
  });

  it.each(["file:", ":memory:"])("watches a pool of handles on %s, which has no sockets", async (kind) => {
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    const url = kind === "file:" ? `file:${join(folder, "stats.db")}` : kind;
    const idle = ["--idle", "--duration", "1s", "--keep-alive-interval", "100ms"];
    const { code, result } = await statsJson("--url", url, ...idle);
    expect([code, result.snapshot.sockets, result.keep_alive_holds]).toEqual([0, null, true]);
    await rm(folder, { recursive: true });
  });

  it("takes settings of the pool, and flags of its own, from a configuration file", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    const file = join(folder, "a.json");
    await writeFile(
      file,
      JSON.stringify({
        pool: { maxConnections: 3, keepAliveInterval: "9s" },
        stats: { duration: "1s", idle: true },
      }),
    );
    const { result } = await statsJson("--config", file, "--url", ":memory:");
    expect(result.mode).toBe("idle");
    expect(result.snapshot.config).toMatchObject({ max_connections: 3, keep_alive_interval_ms: 9_000 });
    await rm(folder, { recursive: true });
  });
});

describe("keep-alive behind a middlebox that forgets connections after 5 s", () => {
  const middlebox = [
    "--idle",
    "--min-connections",
    "2",
    "--duration",
    "12s",
    "--idle-timeout",
    "5s",
    "--idle-drop",
  ];

  it("holds with a ping every 2 s, and without pings does not, as the alerts say with their remedy", async () => {
    const [kept, lost] = await Promise.all([
      statsJson(...middlebox, "--keep-alive-interval", "2s"),
      statsJson(...middlebox, "--no-proactive-ping", "--stale-threshold", "4s"),
    ]);
    expect([kept.code, kept.rules, kept.result.keep_alive_holds]).toEqual([0, [], true]);
    expect(kept.result.snapshot.sockets).toEqual({ opened: 2, open: 2 });
    expect(kept.result.snapshot.statistics.total_ping_failures).toBe(0);

    expect([lost.code, lost.result.keep_alive_holds]).toEqual([99, false]);
    expect(lost.rules).toEqual(["refresh-rate", "keep-alive-not-holding"]);
    const { statistics, sockets } = lost.result.snapshot;
    expect(statistics.total_connections_refreshed).toBe(2);
    expect(sockets).toEqual({ opened: 4, open: 2 });
    for (const { remedy } of lost.result.alerts) {
      expect(remedy).toMatch(/^switch enableProactivePing on, lower keepAliveInterval from 30s to 2s, and/);
    }
  });
});

describe("an alert has a real cause, and its remedy, applied, clears it:", () => {
  it("a server that is slower than --ping-timeout", async () => {
    const args = ["--idle", "--rtt", "80ms", "--keep-alive-interval", "1s", "--duration", "4s"];
    const failing = await statsJson(...args, "--ping-timeout", "40ms");
    expect([failing.code, failing.rules.includes("ping-failures")]).toEqual([99, true]);
    expect(failing.result.snapshot.statistics.total_ping_failures).toBeGreaterThan(0);
    const again = await statsJson(...args, ...flagsFor(failing, "ping-failures"));
    expect([again.rules, again.result.snapshot.statistics.total_ping_failures]).toEqual([[], 0]);
  });

  it("60 callers on one connection", async () => {
    const load = ["--concurrency", "60", "--rate", "400/s", "--rtt", "20ms", "--duration", "4s"];
    const args = [...load, "--connection-timeout", "1s"];
    const short = await statsJson(...args, "--max-connections", "1");
    expect([short.code, short.rules]).toEqual([99, ["pool-exhaustion"]]);
    expect(short.result.load?.no_connection).toBeGreaterThan(0);
    const again = await statsJson(...args, ...flagsFor(short, "pool-exhaustion"));
    expect([again.rules, again.result.load?.no_connection]).toEqual([[], 0]);
  });
});

describe("Ctrl-C during stats", () => {
  it("once ends it with the report, status 130, and no server left", async () => {
    const cli = startCli(["stats", "--json", "--idle", "--duration", "60s", "--interval", "500ms"]);
    await eventually(() => cli.stderr().includes("0.5s"), 30_000);
    cli.interrupt();
    const { code, stdout, stderr } = await cli.finished;
    const result = parseJson(stdout, "stats-result") as StatsResult;
    // No ping was due yet, so whether keep-alive holds cannot be told.
    expect([code, result.interrupted, result.keep_alive_holds]).toEqual([130, true, null]);
    const port = /localhost:(\d+)/.exec(stderr)?.[1] ?? "";
    await expect(fetch(`https://localhost:${port}`)).rejects.toThrow();
  });

  it("twice ends it at once, even while the database says nothing", async () => {
    await using target = await serve("ws");
    const cli = startCli(["stats", "--url", target.url, "--duration", "60s", "--timeout", "60s"]);
    await eventually(async () => (await target.server.metrics()).statements > 5);
    process.kill(target.server.pid, "SIGSTOP");
    await sleep(300);
    cli.interrupt();
    await sleep(300);
    cli.interrupt();
    expect((await cli.finished).code).toBe(130);
    process.kill(target.server.pid, "SIGCONT");
    await eventually(async () => (await target.server.metrics()).socketsOpen === 0);
  });
});

describe("a server that dies in mid-run ends stats with 2:", () => {
  it("its own, soon, with what was seen", async () => {
    const cli = startCli(["stats", "--json", "--duration", "60s", "--interval", "200ms"]);
    await eventually(() => cli.stderr().split("\n").length > 6, 30_000);
    const children = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(cli.pid)], {
      encoding: "utf8",
    });
    process.kill(Number(/^\s*(\d+) .*server-process/m.exec(children)?.[1]), "SIGKILL");
    const { code, stdout, stderr } = await cli.finished;
    const result = parseJson(stdout, "stats-result") as StatsResult;
    expect([code, result.error?.message]).toEqual([2, "the embedded server ended in mid-run"]);
    expect(stderr).toContain("Error: the embedded server ended in mid-run.");
  });

  it("a named one, with what most operations failed with", async () => {
    const target = await serve("ws");
    const cli = startCli(["stats", "--json", "--url", target.url, "--duration", "4s", "--rate", "20/s"]);
    await eventually(async () => (await target.server.metrics()).statements > 5);
    process.kill(target.server.pid, "SIGKILL");
    const { code, stdout, stderr } = await cli.finished;
    const { load } = parseJson(stdout, "stats-result") as StatsResult;
    expect(code).toBe(2);
    expect(load?.errors).toBeGreaterThan(load?.operations ?? 0);
    expect(stderr).toMatch(/\nError: \d+ of \d+ operations failed, the first with: ws:/);
    await target.server.close();
  });
});

it("stats ends quietly when its reader goes away", async () => {
  const bin = fileURLToPath(new URL("../../bin/run.js", import.meta.url));
  const args = [
    bin,
    "stats",
    "--url",
    ":memory:",
    "--json-lines",
    "--interval",
    "100ms",
    "--duration",
    "60s",
  ];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdout.once("data", () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect([code, stderr]).toEqual([0, ""]);
});
