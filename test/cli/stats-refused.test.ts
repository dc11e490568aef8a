import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli, type Finished } from "../support/cli.js";
import { parseJson } from "../support/schemas.js";
import { blackHole, closedPort, serve } from "../support/servers.js";

/** Exactly one line on stderr, nothing on stdout, and the exit code. */
function expectRefusal({ code, stdout, stderr }: Finished, expected: number, ...parts: string[]): void {
  for (const part of parts) expect(stderr).toContain(part);
  expect(stderr).toMatch(/^Error: [^\n]+\n$/);
  expect([code, stdout]).toEqual([expected, ""]);
}

const stats = (...args: string[]): Promise<Finished> => runCli(["stats", ...args]);

describe.concurrent("stats refuses, in one line, and exits 3 for", () => {
  it.each([
    [
      ["--rate", "10"],
      ["--rate", "10/s"],
    ],
    [
      ["--concurrency", "0"],
      ["--concurrency", '"0"', "from 1"],
    ],
    [
      ["--idle", "--rate", "5/s"],
      ["--rate", "--idle"],
    ],
    [
      ["--idle", "--concurrency", "5"],
      ["--concurrency", "--idle"],
    ],
    [
      ["--idle", "--min-connections", "0"],
      ["--min-connections", "at least 1"],
    ],
    [
      ["--keep-alive-interval", "2m"],
      ["--keep-alive-interval", "--stale-threshold (1m)"],
    ],
    [
      ["--no-proactive-ping", "--ping-timeout", "1s"],
      ["--ping-timeout", "--no-proactive-ping"],
    ],
    [
      ["--no-keepalive", "--stale-threshold", "1s"],
      ["--stale-threshold", "--no-keepalive"],
    ],
    [
      ["--interval", "0ms"],
      ["--interval", "longer than nothing"],
    ],
    [
      ["--url", "bogus://host"],
      ["--url", "unknown scheme"],
    ],
    [
      ["--url", "ws://host", "--rtt", "1ms"],
      ["--rtt", "embedded server only"],
    ],
    [
      ["--attach", "http://a", "--url", "ws://b"],
      ["--url", "--attach"],
    ],
    [
      ["--attach", "http://a", "--rate", "5/s"],
      ["--rate", "--attach"],
    ],
    [
      ["--attach", "http://a", "--idle"],
      ["--idle", "--attach"],
    ],
    [
      ["--attach", "http://a", "--max-connections", "5"],
      ["--max-connections", "--attach"],
    ],
    [
      ["--attach", "http://a", "--rtt", "5ms"],
      ["--rtt", "--attach"],
    ],
    [
      ["--attach", "http://"],
      ["--attach", "http://"],
    ],
    [
      ["--attach", "localhost:9464"],
      ["--attach: localhost:9464: there is no such file or socket", "http:"],
    ],
    [["--attach", "/"], ["--attach: /: it is a directory"]],
  ] as const)("%j", async (args, parts) => {
    expectRefusal(await stats(...args), 3, ...parts);
  });
});

describe("stats ends at once", () => {
  it.each(["ws", "http"])("with 2 when a connection is refused over %s", async (scheme) => {
    const url = `${scheme}://127.0.0.1:${await closedPort()}`;
    expectRefusal(await stats("--url", url), 2, url, "refused");
  });

  it.each([
    ["ws", "--connect-timeout"],
    ["http", "--timeout"],
  ])("with 2 when a host never answers over %s, within %s", async (scheme, flag) => {
    await using hole = await blackHole();
    expectRefusal(
      await stats("--url", `${scheme}://127.0.0.1:${hole.port}`, flag, "600ms"),
      2,
      String(hole.port),
    );
  });

  it("with 1 when the token is refused, which it never prints", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    const authJwtKeyFile = join(folder, "key.pem");
    const { publicKey } = generateKeyPairSync("ed25519");
    await writeFile(authJwtKeyFile, publicKey.export({ type: "spki", format: "pem" }));
    await using target = await serve("ws", { authJwtKeyFile });
    const finished = await runCli(["stats", "--url", target.url], { TURSO_AUTH_TOKEN: "nonsense-token" });
    expectRefusal(finished, 1, "token", "TURSO_AUTH_TOKEN");
    expect(finished.stderr).not.toContain("nonsense-token");
    await rm(folder, { recursive: true });
  });

  it("with 1 when the file is no database", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    await writeFile(join(folder, "a.db"), "no database at all ".repeat(100));
    expectRefusal(await stats("--url", `file:${join(folder, "a.db")}`), 1, "a.db", "not a database");
    await rm(folder, { recursive: true });
  });

  it("with one document too where that is asked for", async () => {
    for (const flag of ["--rate=5", "--json-lines"]) {
      const { code, stdout } = await stats(flag, "--json");
      expect(code).toBe(3);
      expect(parseJson(stdout, "error")).toMatchObject({
        command: "stats",
        error: { code: "INVALID_OPTION" },
      });
    }
  });
});
