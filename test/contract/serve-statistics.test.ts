import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request, type IncomingMessage, type RequestOptions } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serveStatistics } from "../../src/monitor/serve-statistics.js";
import { eventually } from "../support/eventually.js";
import { Metrics } from "../support/metrics.js";
import { keepAlivePool, rejection } from "../support/pool-fixture.js";
import { parseJson } from "../support/schemas.js";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "turso-pool-test-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/** What Prometheus 3 asks with. */
const ACCEPT =
  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Asks a server at a URL, or at the path of its socket. */
async function ask(address: string, path: string, options: RequestOptions = {}): Promise<Answer> {
  const where = address.startsWith("http") ? {} : { socketPath: address };
  const url = address.startsWith("http") ? address : "http://localhost";
  const asked = request(url, { ...where, path, ...options }).end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

async function busyPool() {
  const { pool } = keepAlivePool({ name: "shop" });
  (await pool.acquire()).release();
  await pool.acquire();
  return pool;
}

describe("statistics served on a port", () => {
  it("are metrics for Prometheus, and a snapshot as the schema says", async () => {
    await using server = await serveStatistics(await busyPool(), {
      port: 0,
      sockets: { opened: 3, open: 2 },
    });
    expect(server.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const scraped = await ask(server.address, "/metrics", { headers: { accept: ACCEPT } });
    expect(scraped).toMatchObject({ status: 200, headers: { "content-type": OPEN_METRICS } });
    const metrics = new Metrics(scraped.body);
    expect(metrics.pools).toEqual(["shop"]);
    expect(metrics.value("turso_pool_checkouts_total")).toBe(2);
    expect(metrics.value("turso_pool_sockets_opened_total")).toBe(3);

    const { status, headers, body } = await ask(server.address, "/statistics.json?pretty");
    expect({ status, type: headers["content-type"] }).toEqual({ status: 200, type: "application/json" });
    expect(parseJson(body, "statistics")).toMatchObject({
      name: "shop",
      statistics: { total_checkouts: 2, active_connections: 1 },
      sockets: { opened: 3, open: 2 },
    });
  });

  it("are as they stand at each look, also after the pool was closed", async () => {
    const { pool } = keepAlivePool();
    await using server = await serveStatistics(pool, { port: 0 });
    const checkouts = async (): Promise<number> =>
      new Metrics((await ask(server.address, "/metrics")).body).value("turso_pool_checkouts_total");
    expect(await checkouts()).toBe(0);
    (await pool.acquire()).release();
    expect(await checkouts()).toBe(1);
    await pool.close();
    expect(await checkouts()).toBe(1);
  });

  it("answer HEAD as GET, without the body", async () => {
    await using server = await serveStatistics(await busyPool(), { port: 0 });
    const { headers } = await ask(server.address, "/metrics");
    const head = await ask(server.address, "/metrics", { method: "HEAD" });
    expect(head).toMatchObject({ status: 200, body: "" });
    expect(head.headers["content-length"]).toBe(headers["content-length"]);
  });

  it("say where they are to who asks elsewhere, and that they can only be read", async () => {
    await using server = await serveStatistics(await busyPool(), { port: 0 });
    for (const path of ["/", "/metrics/", "/constructor", "*"]) {
      const answer = await ask(server.address, path);
      expect(answer).toMatchObject({ status: 404, body: "There is /metrics and /statistics.json.\n" });
    }
    const posted = await ask(server.address, "/metrics", { method: "POST" });
    expect(posted).toMatchObject({ status: 405, headers: { allow: "GET, HEAD" } });
  });

  it("are not for web pages that point a name of their own at this machine", async () => {
    await using server = await serveStatistics(await busyPool(), { port: 0 });
    const status = async (host: string): Promise<number | undefined> =>
      (await ask(server.address, "/statistics.json", { headers: { host } })).status;
    for (const host of ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "10.0.0.1"])
      expect([host, await status(host)]).toEqual([host, 421]);
    for (const host of ["localhost", "LOCALHOST:9187", "127.0.0.1", "127.1.2.3:1", "[::1]:9187"])
      expect([host, await status(host)]).toEqual([host, 200]);
  });

  it("are for everybody where the application says so", async () => {
    await using server = await serveStatistics(await busyPool(), { port: 0, host: "0.0.0.0" });
    const address = server.address.replace("0.0.0.0", "127.0.0.1");
    const { status } = await ask(address, "/metrics", { headers: { host: "app.example:9187" } });
    expect(status).toBe(200);
  });

  it("end nothing but the request when they cannot be had", async () => {
    const broken = {
      opened: 1,
      get open(): number {
        throw new Error("broken");
      },
    };
    await using server = await serveStatistics(await busyPool(), { port: 0, sockets: broken });
    expect(await ask(server.address, "/metrics")).toMatchObject({ status: 500, body: "Error: broken\n" });
  });

  it("reject where they cannot be served, and say what to do", async () => {
    const { pool } = keepAlivePool();
    await using server = await serveStatistics(pool, { port: 0 });
    const port = Number(new URL(server.address).port);
    expect(await rejection(serveStatistics(pool, { port }))).toMatchObject({
      code: "SERVER_START_FAILED",
      message: `cannot serve statistics on 127.0.0.1:${port}: it is in use`,
      hint: "Stop the program that uses it, or choose another; port 0 is any free one.",
      cause: { code: "EADDRINUSE" },
    });
    expect(await rejection(serveStatistics(pool, { port: 0, host: "192.0.2.1" }))).toMatchObject({
      code: "SERVER_START_FAILED",
      cause: { code: "EADDRNOTAVAIL" },
    });
  });
});

describe("statistics served on a Unix domain socket", () => {
  const file = (): string => join(folder, `${Math.random()}.sock`);

  it("are there while the server is, whatever the host is called", async () => {
    const socketPath = file();
    const server = await serveStatistics(await busyPool(), { socketPath });
    expect(server.address).toBe(socketPath);
    const { status, body } = await ask(socketPath, "/statistics.json", { headers: { host: "shop" } });
    expect(status).toBe(200);
    parseJson(body, "statistics");
    await server.close();
    expect(existsSync(socketPath)).toBe(false);
  });

  it("replace the file of a process that was killed", async () => {
    const socketPath = file();
    const script = `require("node:net").createServer().listen(${JSON.stringify(socketPath)}, () => console.log())`;
    const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    expect(await rejection(serveStatistics(await busyPool(), { socketPath }))).toMatchObject({
      message: `cannot serve statistics on ${socketPath}: it is in use`,
    });
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(existsSync(socketPath)).toBe(true);
    await using server = await serveStatistics(await busyPool(), { socketPath });
    expect(await ask(server.address, "/metrics")).toMatchObject({ status: 200 });
  });

  it("leave a file alone that is no socket", async () => {
    const socketPath = file();
    writeFileSync(socketPath, "precious");
    const error = await rejection(serveStatistics(await busyPool(), { socketPath }));
    expect(error).toMatchObject({ code: "SERVER_START_FAILED", cause: { code: "EADDRINUSE" } });
    expect(existsSync(socketPath)).toBe(true);
  });
});

describe("a server of statistics", () => {
  it("ends at once with all of its connections, however often it is told", async () => {
    const server = await serveStatistics(await busyPool(), { port: 0 });
    const { port } = new URL(server.address);
    const agent = new Agent({ keepAlive: true });
    await ask(server.address, "/metrics", { agent });
    const slow = connect(Number(port), "127.0.0.1");
    slow.on("error", () => undefined).write("GET /metrics HT");
    await once(slow, "connect");
    const before = performance.now();
    const closing = server.close();
    expect(server.close()).toBe(closing);
    await Promise.all([closing, new Promise((resolve) => slow.once("close", resolve))]);
    expect(performance.now() - before).toBeLessThan(1_000);
    agent.destroy();
    await using next = await serveStatistics(keepAlivePool().pool, { port: Number(port) });
    expect(next.address).toBe(server.address);
  });

  it("does not wait for a client that is slow to ask", async () => {
    await using server = await serveStatistics(await busyPool(), { port: 0 });
    const slow = connect(Number(new URL(server.address).port), "127.0.0.1");
    slow.on("error", () => undefined).resume();
    slow.write("GET /metrics HTTP/1.1\r\nHost: localhost\r\n");
    const drip = setInterval(() => slow.write("X-Slow: yes\r\n"), 500);
    const before = performance.now();
    await once(slow, "close");
    clearInterval(drip);
    expect(performance.now() - before).toBeLessThan(10_000);
  });

  it("takes no more connections than it has any use for", async () => {
    await using server = await serveStatistics(await busyPool(), { port: 0 });
    const port = Number(new URL(server.address).port);
    const sockets = Array.from({ length: 100 }, () =>
      connect(port, "127.0.0.1")
        .on("error", () => undefined)
        .resume(),
    );
    const closed = (): number => sockets.filter((socket) => socket.closed).length;
    await eventually(() => closed() >= 36);
    expect(closed()).toBe(36);
    for (const socket of sockets) socket.destroy();
    await eventually(
      async () => (await ask(server.address, "/metrics").catch(() => undefined))?.status === 200,
    );
  });

  it("does not keep a process alive, nor does who is connected to it", async () => {
    const script = `
      import { connect } from "node:net";
      import { ConnectionPool, serveStatistics } from "turso-pool";
      const pool = new ConnectionPool({ open: () => Promise.reject(new Error("none")), minConnections: 0 });
      const { address } = await serveStatistics(pool, { port: 0 });
      const client = connect(new URL(address).port, "127.0.0.1", () => client.write("GET /metrics HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n"));
      client.once("data", () => { client.unref(); console.log("done"); });
    `;
    const args = ["--input-type=module", "-e", script];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const output = text(child.stdout);
    const started = once(child.stdout, "data").then(() => performance.now());
    const [code] = (await once(child, "exit")) as [number];
    expect([code, await output]).toEqual([0, "done\n"]);
    expect(performance.now() - (await started)).toBeLessThan(2_000);
  });
});
