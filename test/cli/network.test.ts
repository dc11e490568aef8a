import { describe, expect, it } from "vitest";
import { runCli, startCli, type Finished } from "../support/cli.js";
import { until } from "../contract/server-support.js";

/** Exactly one line on stderr, nothing on stdout, and exit code 3. */
function expectRefusal({ code, stdout, stderr }: Finished, ...parts: string[]): void {
  for (const part of parts) expect(stderr).toContain(part);
  expect(stderr).toMatch(/^Error: [^\n]+\n$/);
  expect([code, stdout]).toEqual([3, ""]);
}

describe.concurrent("a network is refused, in one line that says why, when", () => {
  it.each([
    [
      ["--rtt", "20"],
      ["--rtt", '"20"', "20ms or 20s"],
    ],
    [
      ["--rtt", "2m"],
      ["--rtt", "2m", "at most 1m"],
    ],
    [
      ["--rtt", "20ms", "--jitter", "30ms"],
      ["--jitter", "30ms", "at most --rtt (20ms)"],
    ],
    [
      ["--bandwidth", "10"],
      ["--bandwidth", '"10"', "10kbit or 10mbit"],
    ],
    [
      ["--bandwidth", "1MB/s"],
      ["--bandwidth", '"1MB/s"', "8mbit for so many bytes"],
    ],
    [
      ["--idle-timeout", "0s"],
      ["--idle-timeout", '"0s"', "at least 1ms"],
    ],
  ])("%j", async (args, parts) => {
    expectRefusal(await runCli(["serve", ...args]), ...parts);
  });

  it.each([
    [["--jitter", "5ms"], "--rtt"],
    [["--idle-drop"], "--idle-timeout"],
  ])("%j is given without %s", async (args, missing) => {
    const { code, stderr } = await runCli(["serve", ...args]);
    expect([code, stderr]).toEqual([3, expect.stringContaining(missing)]);
  });

  it("a database is named, whether by --url or by the environment", async () => {
    expectRefusal(
      await runCli(["bench", "--url", "http://127.0.0.1:1", "--rtt", "20ms", "--no-tls"]),
      "--no-tls, --rtt are for the embedded server only",
      "--url",
      "Leave them out",
    );
    expectRefusal(
      await runCli(["bench", "--idle-timeout", "5s"], { TURSO_DATABASE_URL: "http://127.0.0.1:1" }),
      "--idle-timeout is for the embedded server only",
      "unset TURSO_DATABASE_URL",
    );
  });
});

describe("serve with a network", () => {
  it("says which", async () => {
    const cli = startCli([
      "serve",
      ...["--rtt", "20ms", "--jitter", "2ms", "--bandwidth", "10mbit"],
      ...["--idle-timeout", "5s", "--idle-drop", "--server-idle-timeout", "30s"],
    ]);
    await until(() => cli.stdout().includes("Ctrl-C"));
    expect(cli.stdout()).toContain(
      "Network: 20ms ± 2ms round trip, 10mbit per second each way, idle connections silently forgotten after 5s.\n",
    );
    cli.interrupt();
    expect((await cli.finished).code).toBe(130);
  });
});

describe("bench over a network", () => {
  it("measures it, over the transport that was asked for, and counts its sockets", async () => {
    const { code, stdout } = await runCli([
      ...["bench", "--json", "--rtt", "30ms", "--transport", "http", "--no-tls"],
      ...["--strategy", "unpooled", "--strategy", "keepalive", "--operations", "10", "--rounds", "2"],
      ...["--warmup", "2", "--pool-idle-timeout", "1m"],
    ]);
    const result = JSON.parse(stdout) as {
      target: object;
      plan: { pool: object };
      sockets: { accepted_by_server: number; opened: number };
      strategies: { name: string; latency_ms: { min: number } }[];
    };
    expect(code).toBe(0);
    expect(result.target).toMatchObject({ transport: "http", tls: false, network: { rtt_ms: 30 } });
    expect(result.plan.pool).toMatchObject({ idle_timeout: 60_000 });
    const least = Object.fromEntries(result.strategies.map(({ name, latency_ms: { min } }) => [name, min]));
    expect(least.unpooled).toBeGreaterThanOrEqual(59);
    expect(least.keepalive).toBeGreaterThanOrEqual(29);
  });
});
