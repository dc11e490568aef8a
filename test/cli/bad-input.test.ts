import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { runCli, told, type Finished } from "../support/cli.js";
import { parseJson } from "../support/schemas.js";
import { blackHole, closedPort, serve } from "../support/servers.js";
import { signedTokens } from "../support/signed-tokens.js";

/** Exactly one line on stderr, nothing on stdout, and the exit code. */
function expectRefusal({ code, stdout, stderr }: Finished, expected: number, ...parts: string[]): void {
  for (const part of parts) expect(stderr).toContain(part);
  expect(stderr).toMatch(/^Error: [^\n]+\n$/);
  expect([code, stdout]).toEqual([expected, ""]);
}

const bench = (...args: string[]): Promise<Finished> => runCli(["bench", ...args]);

describe.concurrent("bench refuses, in one line that names flag, value and remedy, and exits 3 for", () => {
  it.each([
    [
      ["--url", "bogus://host"],
      ["--url", "bogus://host", "unknown scheme", "libsql:"],
    ],
    [
      ["--url", "ws://"],
      ["--url", '"ws://"'],
    ],
    [
      ["--url", "ws://host:99999"],
      ["--url", "99999"],
    ],
    [
      ["--url", "http://s3cret@host"],
      ["--url", "http://***@host", "token"],
    ],
    [
      ["--operations", "8", "--concurrency", "50", "--rounds", "2"],
      ["--operations", "50 callers"],
    ],
    [
      ["--url", "no url"],
      ["--url", "not a URL"],
    ],
    [
      ["--url", "ws://host?x=1"],
      ["--url", '"x"', "tls and authToken"],
    ],
    [
      ["--duration", "5"],
      ["--duration", '"5"', "5ms or 5s"],
    ],
    [
      ["--duration", "soon"],
      ["--duration", '"soon"', "250ms"],
    ],
    [
      ["--concurrency", "0"],
      ["--concurrency", '"0"', "from 1"],
    ],
    [
      ["--concurrency", "many"],
      ["--concurrency", '"many"', "whole number"],
    ],
    [
      ["--operations", "-1"],
      ["--operations", '"-1"', "from 1"],
    ],
    [
      ["--strategy", "magic"],
      ["--strategy", "magic", "unpooled, client, pool, keepalive"],
    ],
    [
      ["--max-connections", "2", "--min-connections", "3"],
      ["--min-connections", "3", "--max-connections (2)"],
    ],
    [
      ["--keep-alive-interval", "2m"],
      ["--keep-alive-interval", '"2m"', "--stale-threshold (1m)"],
    ],
    [
      ["--operations", "10", "--duration", "1s"],
      ["--duration", "--operations"],
    ],
    [
      ["--query", "SELECT 1@0"],
      ["--query", "weight"],
    ],
    [
      ["--url", ":memory:", "--query", "DELETE FROM items"],
      ["--query", "DELETE FROM items", "--allow-writes"],
    ],
    [["--nope"], ["--nope"]],
    [["stray"], ["stray"]],
  ] as const)("%j", async (args, parts) => {
    expectRefusal(await bench(...args), 3, ...parts);
  });

  it("a variable that names no database, by the variable's name", async () => {
    expectRefusal(
      await runCli(["bench"], { TURSO_DATABASE_URL: "bogus://x" }),
      3,
      "TURSO_DATABASE_URL",
      "bogus://x",
    );
  });
});

describe("bench exits 2, in one line, when the database cannot be reached:", () => {
  it.each(["ws", "http"])("a refused connection over %s", async (scheme) => {
    const url = `${scheme}://127.0.0.1:${await closedPort()}`;
    expectRefusal(await bench("--url", url), 2, url, "refused");
  });

  it("a name that does not resolve", async () => {
    expectRefusal(await bench("--url", "wss://no-such-host.invalid"), 2, "no-such-host.invalid", "resolve");
  });

  it.each(["ws", "wss", "http", "https"])(
    "a host that never answers over %s, within --connect-timeout",
    async (scheme) => {
      await using hole = await blackHole();
      const startedAt = performance.now();
      const finished = await bench(
        "--url",
        `${scheme}://127.0.0.1:${hole.port}`,
        "--connect-timeout",
        "600ms",
      );
      expectRefusal(finished, 2, String(hole.port), "600 ms");
      expect(performance.now() - startedAt).toBeLessThan(10_000);
    },
  );

  it("a file in a folder that is not there", async () => {
    expectRefusal(await bench("--url", "file:/no-such-folder/a.db"), 2, "/no-such-folder");
  });
});

describe("bench exits 1, in one line, when the database says no:", () => {
  it("to a statement", async () => {
    await using target = await serve("ws");
    expectRefusal(
      await bench("--url", target.url, "--query", "SELECT * FROM nowhere"),
      1,
      "--query",
      "nowhere",
    );
    expectRefusal(await bench("--url", target.url, "--query", "SELEC 1"), 1, "--query", "SELEC 1");
  });

  it("because the file is no database", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    await writeFile(join(folder, "a.db"), "no database at all ".repeat(100));
    expectRefusal(await bench("--url", `file:${join(folder, "a.db")}`), 1, "a.db", "not a database");
    await rm(folder, { recursive: true });
  });

  it.each(["ws", "http"] as const)(
    "to a wrong, a missing and an expired token over %s, which it never prints",
    async (scheme) => {
      await using tokens = await signedTokens();
      const { authJwtKeyFile, sign } = tokens;
      await using target = await serve(scheme, { authJwtKeyFile });
      const good = await sign("1h");
      const expired = await sign("-1h");
      const small = ["bench", "--url", target.url, "--operations", "8", "--rounds", "2", "--warmup", "0"];

      const fine = await runCli(small, { TURSO_AUTH_TOKEN: good });
      expect([fine.code, told(fine.stderr)]).toEqual([0, ""]);
      for (const token of ["", expired, `${good.slice(0, -6)}AAAAAA`, "nonsense-token"]) {
        const finished = await runCli(small, { TURSO_AUTH_TOKEN: token });
        expectRefusal(finished, 1, "token", "TURSO_AUTH_TOKEN");
        if (token !== "") expect(finished.stderr).not.toContain(token);
      }
      const inUrl = await runCli(["bench", "--url", `${target.url}?authToken=${expired}`]);
      expectRefusal(inUrl, 1, "token");
      expect(inUrl.stderr).not.toContain(expired);
    },
  );
});

it("with --json an error is one document on stdout too", async () => {
  const { code, stdout } = await bench("--duration", "5", "--json");
  expect(code).toBe(3);
  expect(parseJson(stdout, "error")).toMatchObject({ command: "bench", error: { code: "INVALID_OPTION" } });
});
