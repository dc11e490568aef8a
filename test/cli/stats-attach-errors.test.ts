import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LookResult, StatsResult } from "#dist/watch/result.js";
import { fetchStatistics } from "#dist/watch/endpoint.js";
import { runCli, startCli, type Finished } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { rawServer } from "../support/raw-server.js";
import { parseJson } from "../support/schemas.js";
import { blackHole, closedPort } from "../support/servers.js";
import { snapshotWith } from "../support/snapshots.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const attach = (to: string, ...args: string[]): Promise<Finished> =>
  runCli(["stats", "--attach", to, "--duration", "1s", ...args]);

/** An application that answers as it likes, on a port or a socket. */
async function application(listener: RequestListener, path?: string) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    if (path === undefined) server.listen(0, "127.0.0.1", resolve);
    else server.listen(path, resolve);
  });
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  const host = path === undefined ? `127.0.0.1:${(server.address() as AddressInfo).port}` : "";
  return { host, close, [Symbol.asyncDispose]: close };
}

const STATISTICS = JSON.stringify(snapshotWith());

/** The whole of stderr: what happened, where, and what to do about the application. */
const saying = (address: string, what: string): string =>
  `Error: ${address}: ${what}. Check that the application is running and that serveStatistics() told this address.\n`;

describe("stats --attach says what became of the application, where, and what to do, with exit 2:", () => {
  it("nobody listens on the port", async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const { code, stderr } = await attach(url);
    expect([code, stderr]).toEqual([2, saying(url, "connection refused")]);
  });

  it("nobody listens on the socket that a killed one left behind", async () => {
    const path = join(folder, "stale.sock");
    const script = `require("net").createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, "SIGKILL"))`;
    expect(() => execFileSync(process.execPath, ["-e", script], { stdio: "ignore" })).toThrow(
      "Command failed",
    );
    const { code, stderr } = await attach(path);
    expect([code, stderr]).toEqual([2, saying(path, "connection refused")]);
  });

  it("the socket has gone meanwhile", async () => {
    const path = join(folder, "gone.sock");
    await using app = await application((_, response) => response.end(STATISTICS), path);
    const cli = startCli(["stats", "--attach", path, "--interval", "200ms", "--duration", "3s", "--json"]);
    await eventually(() => cli.stderr().split("\n").length > 3);
    await app.close();
    const { code, stdout, stderr } = await cli.finished;
    expect(code).toBe(2);
    expect((parseJson(stdout, "stats-result") as StatsResult).error).toMatchObject({
      code: "UNREACHABLE",
      message: `${path}: there is no such socket`,
    });
    expect(stderr).toContain(saying(path, "there is no such socket"));
  });

  it("the connection is closed without an answer", async () => {
    await using other = await rawServer((socket) => socket.destroy());
    const url = `http://127.0.0.1:${other.port}`;
    const { code, stderr } = await attach(url);
    expect([code, stderr]).toEqual([2, saying(url, "it closed the connection before its answer was whole")]);
  });

  it("the connection is closed in the middle of the answer", async () => {
    await using app = await application((_, response) => {
      response.writeHead(200, { "content-length": 5_000 });
      response.write(STATISTICS.slice(0, 100), () => response.destroy());
    });
    const url = `http://${app.host}`;
    const { code, stderr } = await attach(url);
    expect([code, stderr]).toEqual([2, saying(url, "it closed the connection before its answer was whole")]);
  });

  it("it cannot be asked for another reason", async () => {
    const path = join(folder, "file");
    writeFileSync(path, "");
    const endpoint = { kind: "socket", path: join(path, "a.sock"), address: path } as const;
    const told = await fetchStatistics(endpoint, AbortSignal.timeout(5_000)).catch((error: unknown) => error);
    expect(told).toMatchObject({ code: "UNREACHABLE", message: `${path}: it cannot be asked (ENOTDIR)` });
  });

  it("no answer in time", async () => {
    await using hole = await blackHole();
    const url = `http://127.0.0.1:${hole.port}`;
    const { code, stderr } = await attach(url, "--timeout", "300ms");
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /: no answer within 300ms\. Check that the application is running and not stuck[^\n]+serveStatistics\(\)[^\n]+--timeout[^\n]+\n$/,
    );
  });

  it("no TLS where the URL has it", async () => {
    await using app = await application((_, response) => response.end(STATISTICS));
    const { code, stderr } = await attach(`https://${app.host}`);
    expect([code, stderr]).toEqual([
      2,
      `Error: https://${app.host}: it does not speak TLS. Use http: if it has none.\n`,
    ]);
  });
});

describe("an --attach URL is shown without its query and user info, and asked with them:", () => {
  const SECRET = /S3CRET|abc/;
  const secretly = (host: string): string => `http://abc:S3CRET@${host}/pool?token=abcS3CRET#S3CRET`;

  it("in the report and in JSON", async () => {
    const asked: (string | undefined)[] = [];
    await using app = await application(({ url, headers }, response) => {
      asked.push(url, headers.authorization);
      response.end(STATISTICS);
    });
    const text = await attach(secretly(app.host));
    expect([text.code, text.stderr]).toEqual([0, ""]);
    expect(text.stdout).toContain(`\nhttp://${app.host}/pool · pool `);
    expect(text.stdout).not.toMatch(SECRET);
    expect(asked.slice(0, 2)).toEqual(["/pool?token=abcS3CRET", `Basic ${btoa("abc:S3CRET")}`]);
    const lines = await attach(secretly(app.host), "--json-lines");
    expect(lines.stdout + lines.stderr).not.toMatch(SECRET);
    const all = lines.stdout.trimEnd().split("\n");
    const [summary] = all
      .slice(-1)
      .map((line) => parseJson(line, "stats-result") as LookResult | StatsResult);
    expect(summary).toMatchObject({ attached: { address: `http://${app.host}/pool` } });
  });

  it.each([404, 200])("in the error of an answer that is none, with status %d", async (status) => {
    await using app = await application((_, response) => response.writeHead(status).end("<html>"));
    const { code, stdout, stderr } = await attach(secretly(app.host), "--json");
    expect(code).toBe(1);
    expect(stdout + stderr).not.toMatch(SECRET);
    expect(stderr).toContain(`Error: http://${app.host}/pool: it `);
  });

  it("in the error of one that is not there", async () => {
    const host = `127.0.0.1:${await closedPort()}`;
    const { code, stdout, stderr } = await attach(secretly(host), "--json");
    expect([code, stderr]).toEqual([2, saying(`http://${host}/pool`, "connection refused")]);
    expect(stdout).not.toMatch(SECRET);
  });

  it.each([
    "http://abc:S3CRET@127.0.0.1:99999/?token=S3CRET",
    "http://abc:S3?CRET@127.0.0.1:99999",
    "http://127.0.0.1:99999/?token=abc@S3CRET",
    "localhost:9464/statistics.json?token=abcS3CRET",
    "abc:S3CRET@localhost:9464",
    "abc:S3?CRET@localhost:9464",
    "http:abc:S3CRET@127.0.0.1:99999",
    "ws://abc:S3CRET@localhost:9464?token=S3CRET",
  ])("in the refusal of %s", async (name) => {
    const { code, stdout, stderr } = await attach(name, "--json");
    expect([code, stderr]).toEqual([3, expect.stringMatching(/^Error: --attach: [^\n]+\n$/)]);
    expect(stdout + stderr).not.toMatch(/S3|CRET|abc/);
  });
});
