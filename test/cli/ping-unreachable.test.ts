import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PingResult } from "../../src/ping/result.js";
import { runCli, startCli, type Finished } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { httpAnswer, onRequest, rawServer } from "../support/raw-server.js";
import { parseJson } from "../support/schemas.js";
import { blackHole, closedPort, serve } from "../support/servers.js";

const ping = (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Finished> =>
  runCli(["ping", ...args], env);

/** What a process may take to start and end, on a host with other things to do. */
const START_UP = 30_000;

/** One line on stderr, and the exit code. */
function expectFailure({ code, stderr }: Finished, expected: number, ...parts: string[]): void {
  for (const part of parts) expect(stderr).toContain(part);
  expect(stderr).toMatch(/^Error: [^\n]+\n$/);
  expect(code).toBe(expected);
}

/** A port that takes connections and answers what a WebSocket client says only so far. */
const stallingAfter = (stage: "connect" | "upgrade" | "hello") =>
  rawServer((socket) => {
    if (stage === "connect") return;
    onRequest(socket, (head) => {
      const key = /sec-websocket-key: (\S+)/i.exec(head)?.[1] ?? "";
      const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      const upgrade = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
      socket.write(`${upgrade}Sec-WebSocket-Protocol: hrana2\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
      if (stage !== "hello") return;
      const hello = Buffer.from('{"type":"hello_ok"}');
      // Not before it was asked.
      socket.once("data", () => socket.write(Buffer.concat([Buffer.from([0x81, hello.length]), hello])));
    });
  });

describe("ping exits 2, within --timeout, when the database cannot be reached:", () => {
  it.each(["ws", "http", "wss"])("a refused connection over %s", async (scheme) => {
    const url = `${scheme}://127.0.0.1:${await closedPort()}`;
    expectFailure(await ping([url]), 2, url, "connection refused");
  });

  it.each([["ws"], ["https"]])("a name that does not resolve, over %s", async (scheme) => {
    const startedAt = performance.now();
    const finished = await ping([`${scheme}://no-such-host.invalid`, "--timeout", "2s"]);
    expectFailure(finished, 2, "no-such-host.invalid");
    expect(performance.now() - startedAt).toBeLessThan(2_000 + START_UP);
  });

  it.each([
    ["tcp then nothing over ws", "ws", "connect", "the WebSocket upgrade"],
    ["tcp then nothing over wss", "wss", "connect", "the TLS handshake"],
    ["tcp then nothing over http", "http", "connect", "the statement's answer"],
    ["tcp then nothing over https", "https", "connect", "the TLS handshake"],
    ["an upgrade then nothing", "ws", "upgrade", "hello"],
    ["hello then nothing", "ws", "hello", "the statement's answer"],
  ] as const)("%s", async (_, scheme, stage, waitingFor) => {
    await using hole = await stallingAfter(stage);
    const startedAt = performance.now();
    const finished = await ping([`${scheme}://127.0.0.1:${hole.port}`, "--timeout", "700ms"]);
    expectFailure(finished, 2, String(hole.port), "no answer within 700ms", waitingFor);
    expect(performance.now() - startedAt).toBeLessThan(700 + START_UP);
    await eventually(() => hole.open === 0);
  });

  it("TLS that is none, and a certificate that is not trusted", async () => {
    await using plain = await serve("http");
    expectFailure(await ping([plain.url.replace("http", "https")]), 2, "does not speak TLS");
    await using secure = await serve("wss");
    expectFailure(await ping([secure.url]), 2, "certificate was refused");
  });

  it("a file, or its folder, that is not there; and makes none", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    expectFailure(await ping([`file:${join(folder, "a.db")}`]), 2, "does not exist");
    expectFailure(await ping([`file:${join(folder, "a.db")}`]), 2, "does not exist");
    expectFailure(await ping([`file:${join(folder, "none", "a.db")}`]), 2, "does not exist");
    await rm(folder, { recursive: true });
  });

  it("every time, when all of so many were asked for", async () => {
    const url = `ws://127.0.0.1:${await closedPort()}`;
    const finished = await ping([url, "-c", "3", "-i", "10ms"]);
    expectFailure(finished, 2, "connection refused");
    expect(finished.stdout).toMatch(/^3 sent, 0 received, 3 lost \(100%\)$/m);
    const json = await ping([url, "-c", "2", "-i", "10ms", "--json"]);
    const result = parseJson(json.stdout, "ping-result") as PingResult;
    expect([json.code, result.lost, result.last_error?.code]).toEqual([2, 2, "UNREACHABLE"]);
  });
});

describe("--wait-ready", () => {
  it.each(["ws", "http"] as const)("returns 0 when a server has started over %s", async (scheme) => {
    const before = await rawServer((socket) => socket.resetAndDestroy());
    const { port } = before;
    const cli = startCli(["ping", `${scheme}://127.0.0.1:${port}`, "--wait-ready", "30s", "--json"]);
    await eventually(() => before.accepted > 0);
    await before[Symbol.asyncDispose]();
    await using target = await serve(scheme, { port });
    const { code, stdout, stderr } = await cli.finished;
    expect([code, stderr]).toEqual([0, ""]);
    const ready = parseJson(stdout, "ping-result") as { ready_after_ms: number; tries: number };
    expect(ready.tries).toBeGreaterThan(1);
    expect(target.url).toContain(String(port));
  });

  it("says in a line how long it took", async () => {
    await using target = await serve("ws");
    const { code, stdout } = await ping([target.url, "--wait-ready", "10s"]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^ws:\S+ is ready after \S+ ms \(1 try\)\n$/)]);
    expect((await ping([target.url, "--wait-ready", "10s", "-q"])).stdout).toBe("");
  });

  it("goes on where nobody answers, then fails with the last that it ran into", async () => {
    expectFailure(
      await ping([`ws://127.0.0.1:${await closedPort()}`, "--wait-ready", "600ms"]),
      2,
      "not ready within 600ms",
      "connection refused",
    );
    await using hole = await blackHole();
    const url = `ws://127.0.0.1:${hole.port}`;
    expectFailure(await ping([url, "--wait-ready", "1s", "--timeout", "200ms"]), 2, "not ready within 1s");
    expectFailure(await ping([url, "--wait-ready", "1s"]), 2, "raise --wait-ready");
    await using sick = await rawServer((socket) =>
      onRequest(socket, () => socket.write(httpAnswer("", { status: "503 Service Unavailable" }))),
    );
    expectFailure(await ping([`http://127.0.0.1:${sick.port}`, "--wait-ready", "600ms"]), 1, "503");
    expectFailure(await ping(["ws://no-such-host.invalid", "--wait-ready", "600ms"]), 2, "no-such-host");
  });
});

describe("a name server that never answers", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    // One thread for lookups, which is busy for long enough: to the lookup behind it that is the same.
    const hang =
      'if (process.argv[1]?.includes("lookup-process")) require("node:crypto").pbkdf2("a", "b", 3e8, 64, "sha512", () => undefined);';
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "hang.cjs"), hang);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("is given up after --timeout, and the process ends", async () => {
    const env = { UV_THREADPOOL_SIZE: "1", NODE_OPTIONS: `--require ${join(folder, "hang.cjs")}` };
    const startedAt = performance.now();
    const finished = await ping(["ws://db.example.invalid", "--timeout", "500ms"], env);
    expectFailure(
      finished,
      2,
      "no answer within 500ms, waiting for the name to be looked up",
      "Check your DNS",
    );
    expect(performance.now() - startedAt).toBeLessThan(500 + START_UP);
  });
});
