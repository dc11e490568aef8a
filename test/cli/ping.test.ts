import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { runCli, type Finished } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { httpAnswer, onRequest, rawServer } from "../support/raw-server.js";
import { SCHEMES, serve } from "../support/servers.js";
import { signedTokens } from "../support/signed-tokens.js";

const ping = (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished> =>
  runCli(["ping", ...args], env);

/** One line on stderr, and the exit code. */
function expectFailure({ code, stderr }: Finished, expected: number, ...parts: string[]): void {
  for (const part of parts) expect(stderr).toContain(part);
  expect(stderr).toMatch(/^Error: [^\n]+\n$/);
  expect(code).toBe(expected);
}

describe("ping exits 0 when the database answers:", () => {
  it.each(SCHEMES)("over %s", async (scheme) => {
    await using target = await serve(scheme);
    const env = target.server.caFile === undefined ? {} : { NODE_EXTRA_CA_CERTS: target.server.caFile };
    const { code, stdout, stderr } = await ping([target.url, "-c", "3", "-i", "20ms"], env);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^seq=1 cold /m);
    expect(stdout).toMatch(/^seq=3 warm /m);
    expect(stdout).toMatch(/^3 sent, 3 received, 0 lost$/m);
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    await eventually(async () => (await target.server.metrics()).socketsOpen === 0);
  });

  it("the embedded one, without any argument but how often", async () => {
    const { code, stdout, stderr } = await ping(["-c", "2", "-i", "10ms"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^PING wss:\/\/localhost:\d+ \(embedded libSQL server\)$/m);
  });

  it("a database in memory, and one that the environment names", async () => {
    expect((await ping([":memory:", "-c", "1"])).code).toBe(0);
    expect((await ping(["-c", "1"], { TURSO_DATABASE_URL: ":memory:" })).stdout).toContain("PING :memory:");
  });

  it("although pings were lost, when some were answered", async () => {
    let accepted = 0;
    await using target = await serve("ws");
    await using flaky = await rawServer((socket) => {
      // The second asks for the version.
      if (++accepted === 3) return socket.resetAndDestroy();
      const behind = connect(target.server.port, "127.0.0.1");
      socket.pipe(behind).pipe(socket);
      behind.on("error", () => socket.destroy());
      socket.on("close", () => behind.destroy());
    });
    const { code, stdout } = await ping([`ws://127.0.0.1:${flaky.port}`, "--cold", "-c", "3", "-i", "10ms"]);
    expect(stdout).toMatch(/^seq=2 lost: /m);
    expect(stdout).toMatch(/^3 sent, 2 received, 1 lost \(33%\)$/m);
    expect(code).toBe(0);
  });
});

describe("ping exits 1 when the database says no:", () => {
  it.each(["ws", "http"] as const)("to a wrong, a missing and an expired token over %s", async (scheme) => {
    await using tokens = await signedTokens();
    const { authJwtKeyFile, sign } = tokens;
    await using target = await serve(scheme, { authJwtKeyFile });
    const [good, expired] = [await sign("1h"), await sign("-1h")];
    expect((await ping([target.url, "-c", "2", "-i", "10ms"], { TURSO_AUTH_TOKEN: good })).code).toBe(0);
    // However many were asked for, a token that is refused is refused.
    for (const [token, ...args] of [
      [expired],
      [expired, "-c", "5"],
      [`${good.slice(0, -6)}AAAAAA`],
      ["nonsense-token", "--wait-ready", "20s"],
      [""],
    ] as const) {
      const finished = await ping([target.url, ...args], { TURSO_AUTH_TOKEN: token });
      const why = token === "" ? "the database needs a token, and none is set" : "the token was refused";
      expectFailure(finished, 1, why, "TURSO_AUTH_TOKEN");
      if (token !== "") expect(finished.stdout + finished.stderr).not.toContain(token);
    }
    const inUrl = await ping([`${target.url}?authToken=${expired}`, "-c", "2"]);
    expectFailure(inUrl, 1, `${target.url}: `);
    expect(inUrl.stdout + inUrl.stderr).not.toContain(expired);
    const json = await ping([`${target.url}?authToken=nonsense-token`, "--json-lines", "-c", "2"]);
    expect(json.stdout + json.stderr).not.toContain("nonsense-token");
  });

  it.each(["500 Internal Server Error", "429 Too Many Requests"])("with status %s", async (status) => {
    await using server = await rawServer((socket) =>
      onRequest(socket, () => socket.write(httpAnswer("\u001b[2Jno\nway", { status }))),
    );
    const finished = await ping([`http://127.0.0.1:${server.port}`]);
    expectFailure(finished, 1, status.slice(0, 3));
    expect(finished.stdout).toMatch(/^seq=1 refused: /m);
    expect(finished.stdout + finished.stderr).not.toContain("\u001b");
    const upgrade = await ping([`ws://127.0.0.1:${server.port}`]);
    expectFailure(upgrade, 1, "refused the WebSocket upgrade");
  });

  it.each([
    ["http", "JSON that is not Hrana", httpAnswer("{}")],
    ["http", "a page", httpAnswer("<html>", { headers: ["content-type: text/html"] })],
    ["http", "no HTTP", "SSH-2.0-OpenSSH_9.9\r\n"],
    ["ws", "a page", httpAnswer("<html>", { headers: ["content-type: text/html"] })],
    ["ws", "no HTTP", "SSH-2.0-OpenSSH_9.9\r\n"],
  ])("over %s with %s, which is no libSQL server's", async (scheme, _, bytes) => {
    await using server = await rawServer((socket) => onRequest(socket, () => socket.end(bytes)));
    const finished = await ping([`${scheme}://127.0.0.1:${server.port}`]);
    expectFailure(finished, 1, "what answers there does not speak Hrana", "Is it a libSQL server?");
  });

  it("because the file is no database", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    await writeFile(join(folder, "a.db"), "no database at all ".repeat(100));
    expectFailure(await ping([`file:${join(folder, "a.db")}`]), 1, "a.db", "not a database");
    await rm(folder, { recursive: true });
  });
});

it.each([
  ["ws://h?auth_token=s3cret-token", 3],
  ["ws://h?jwt=s3cret-token", 3],
  ["ws://127.0.0.1:1?auth%54oken=s3cret-token", 2],
] as const)("of %s no secret is printed", async (url, expected) => {
  const text = await ping([url]);
  const json = await ping([url, "--json"]);
  expect([text.code, json.code]).toEqual([expected, expected]);
  expect(text.stdout + text.stderr + json.stdout + json.stderr).not.toContain("s3cret-token");
});

it("a token from the environment that cannot be one is not blamed on the argument", async () => {
  const finished = await ping(["ws://127.0.0.1:1"], { TURSO_AUTH_TOKEN: "tok en" });
  expectFailure(finished, 3, "TURSO_AUTH_TOKEN: has a character that no token has");
});

describe("ping exits 3, in one line, for", () => {
  it.each([
    [["bogus://host"], ["bogus://host", "unknown scheme"]],
    [["ws://"], ['"ws://"']],
    [["http://s3cret@host"], ["http://***@host"]],
    [["no url"], ["not a URL"]],
    [
      [":memory:", "--url", ":memory:"],
      ["--url", "the argument"],
    ],
    [
      [":memory:", "--rtt", "20ms"],
      ["--rtt is for the embedded server only", "the argument"],
    ],
    [["--cold", "--warm"], ["--warm"]],
    [
      ["-c", "-1"],
      ["--count", "from 0"],
    ],
    [
      ["-c", "many"],
      ["--count", "whole number"],
    ],
    [
      ["-i", "5"],
      ["--interval", "5ms or 5s"],
    ],
    [
      ["--timeout", "0s"],
      ["--timeout", "longer than nothing"],
    ],
    [
      ["--wait-ready", "soon"],
      ["--wait-ready", "250ms"],
    ],
    [
      ["--wait-ready", "1s", "-c", "3"],
      ["--wait-ready", "--count"],
    ],
    [["--json", "--json-lines"], ["--json"]],
    [["--nope"], ["--nope"]],
    [[":memory:", "stray"], ["stray"]],
  ] as const)("%j", async (args, parts) => {
    const finished = await ping(args);
    expectFailure(finished, 3, ...parts);
    // With --json the error is a document too.
    expect(args.some((arg) => arg === "--json") ? "" : finished.stdout).toBe("");
  });
});

it("the token goes to no other host, whatever a server redirects to", async () => {
  const heard: string[] = [];
  const other = createServer((socket) => socket.on("data", (data) => heard.push(data.toString())));
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as { port: number };
  await using target = await rawServer((socket) =>
    onRequest(socket, () =>
      socket.write(httpAnswer("", { status: "302 Found", headers: [`location: http://127.0.0.1:${port}/`] })),
    ),
  );
  const finished = await ping([`http://127.0.0.1:${target.port}`], { TURSO_AUTH_TOKEN: "s3cret-token" });
  expect([finished.code, heard]).toEqual([1, []]);
  other.close();
});
