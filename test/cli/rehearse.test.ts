import { describe, expect, it } from "vitest";
import type { RehearsalResult } from "#dist/rehearse/result.js";
import { runCli, startCli } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { parseJson } from "../support/schemas.js";
import { serve } from "../support/servers.js";

const short = ["--duration", "1s", "--timeout", "1s", "--connection-timeout", "1s"] as const;
const faults = (...names: string[]): string[] => names.flatMap((name) => ["--fault", name]);

describe("stats --rehearse", () => {
  it("puts the plain client and the pool side by side, in 80 columns without a colour", async () => {
    const args = ["stats", "--rehearse", ...short, ...faults("refuse", "half-open", "frozen")];
    const { code, stdout, stderr } = await runCli(args);
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^No --url: rehearsing [^\n]+wss:/)]);
    expect(stdout).toMatch(/^wss:\/\/localhost:\d+ \(embedded\) · 40\/s by 4 callers each · faults of 1 s\n/);
    expect(stdout).toMatch(/^refuse +plain +\d+ .*\n +pool +\d+ .*\nhalf-open +plain/m);
    expect(stdout).toMatch(/^refuse: plain \d+ × TypeError/m);
    // eslint-disable-next-line no-control-regex
    expect(stdout).not.toMatch(/[\x1b\r]/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it.each([
    ["http", ["cut-answer", "trickle", "close-after", "corrupt", "slow"]],
    ["ws", ["reset", "black-hole", "half-open"]],
    ["https", ["not-tls", "expired-certificate"]],
  ] as const)(
    "prints one document with --json over %s: every call is accounted for",
    async (scheme, names) => {
      await using target = await serve(scheme);
      const env = target.server.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: target.server.caFile };
      const { code, stdout } = await runCli(
        ["stats", "--rehearse", "--json", "--url", target.url, ...short, ...faults(...names)],
        env,
      );
      const result = parseJson(stdout, "rehearsal-result") as RehearsalResult;
      expect([code, result.interrupted, result.target.embedded]).toEqual([0, false, false]);
      expect(result.faults.map(({ fault }) => fault).sort()).toEqual([...names].sort());
      for (const { plain, pool } of result.faults) {
        for (const { calls, answered, wrong_answers, failed, hangs, errors } of [plain, pool]) {
          expect(answered + wrong_answers + failed + hangs).toBe(calls);
          expect(errors.reduce((sum, { count }) => sum + count, 0)).toBe(failed);
          expect(answered).toBeGreaterThan(0);
        }
        expect(plain.struck).toBeGreaterThan(0);
        // Whatever it is, it does not keep the pool's callers waiting for ever, nor after it is over.
        expect([pool.hangs, pool.recovered_after_ms]).toEqual([0, expect.any(Number)]);
      }
      await eventually(async () => (await target.server.metrics()).socketsOpen === 0);
    },
  );

  it("rehearses what only a server of its own can be made to say", async () => {
    const names = ["status-429", "status-500", "stream-expired", "not-tls"];
    const args = ["--no-tls", "--transport", "http", "--json", ...short, ...faults(...names)];
    const { code, stdout } = await runCli(["stats", "--rehearse", ...args]);
    const result = parseJson(stdout, "rehearsal-result") as RehearsalResult;
    expect(code).toBe(0);
    expect(result.faults.map(({ fault }) => fault)).toEqual(["status-429", "status-500", "stream-expired"]);
    expect(result.skipped).toEqual([{ fault: "not-tls", reason: "the target has no TLS" }]);
    expect(result.faults[2]?.plain.errors[0]?.code).toBe("STREAM_EXPIRED");
  });

  it("prints what was measured when it is interrupted, and the server that stood still ends", async () => {
    // Longer than it takes until progress is told.
    const args = ["--json", "--duration", "4s", ...faults("slow", "frozen"), "--timeout", "20s"];
    const cli = startCli(["stats", "--rehearse", ...args]);
    await eventually(() => cli.stderr().includes("rehearsing frozen"), 20_000);
    cli.interrupt();
    const { code, stdout } = await cli.finished;
    expect(code).toBe(130);
    const result = parseJson(stdout, "rehearsal-result") as RehearsalResult;
    expect([result.interrupted, result.faults.map(({ fault }) => fault)]).toEqual([true, ["slow"]]);
  });

  it.each([
    [
      ["--attach", "http://a"],
      ["--attach", "--rehearse"],
    ],
    [["--idle"], ["--idle", "--rehearse"]],
    [
      ["--interval", "1s"],
      ["--interval", "--rehearse"],
    ],
    [["--json-lines"], ["--json-lines", "--rehearse"]],
    [["--fail-on-alert"], ["--fail-on-alert", "--rehearse"]],
    [
      ["--url", ":memory:"],
      [":memory:", "not reached over a network"],
    ],
    [
      ["--rate", "1/m"],
      ["--rate", "at least 1/s"],
    ],
    [
      ["--fault", "gremlins"],
      ["--fault", "black-hole"],
    ],
    [
      ["--url", "http://localhost:1", "--fault", "frozen"],
      ["frozen", "embedded server only"],
    ],
  ] as const)("refuses, in one line, and exits 3 for %j", async (args, parts) => {
    const { code, stdout, stderr } = await runCli(["stats", "--rehearse", ...args]);
    for (const part of parts) expect(stderr).toContain(part);
    expect(stderr).toMatch(/^Error: [^\n]+\n$/);
    expect([code, stdout]).toEqual([3, ""]);
  });

  it("refuses faults without a rehearsal", async () => {
    const { code, stderr } = await runCli(["stats", "--fault", "refuse"]);
    expect([code, stderr]).toEqual([3, expect.stringContaining("--rehearse")]);
  });
});
