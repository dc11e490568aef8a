import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { startServer, temporaryFolder } from "./server-support.js";

const SELECT = JSON.stringify({ requests: [{ type: "execute", stmt: { sql: "SELECT 1" } }] });

/** The status of an answer to a statement that is asked for under these headers. */
function status(port: number, headers: Record<string, string>, host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host, port, path: "/v2/pipeline", method: "POST", headers, agent: false });
    asked.once("response", (response) => resolve(response.resume().statusCode ?? 0)).once("error", reject);
    asked.end(SELECT);
  });
}

/** As {@link status}, of the upgrade to a WebSocket. */
function upgradeStatus(port: number, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const ws = new WebSocket(`ws://127.0.0.1:${port}`, "hrana2", { headers });
    ws.once("open", () => {
      ws.terminate();
      resolve(101);
    });
    ws.once("unexpected-response", (_, response) => resolve(response.resume().statusCode ?? 0));
    ws.on("error", () => undefined);
  });
}

describe("a server on loopback", () => {
  test("is for programs of this machine, and not for web pages that a browser on it shows", async () => {
    const { port } = await startServer({ databaseFile: `${temporaryFolder()}/data.db` });
    for (const ask of [status, upgradeStatus]) {
      const good = ask === status ? 200 : 101;
      for (const host of ["localhost", `LOCALHOST:${port}`, "127.0.0.1", "127.1.2.3:80", "[::1]:80"])
        expect([host, await ask(port, { host })]).toEqual([host, good]);
      for (const host of ["evil.example", `127.0.0.1.evil.example:${port}`, "10.0.0.1"])
        expect([host, await ask(port, { host })]).toEqual([host, 421]);
      for (const origin of ["http://localhost:3000", "http://127.0.0.1", "https://[::1]:8443"])
        expect([origin, await ask(port, { origin })]).toEqual([origin, good]);
      for (const origin of ["https://evil.example", "http://localhost.evil.example", "null", "x"])
        expect([origin, await ask(port, { origin })]).toEqual([origin, 403]);
    }
  });

  test("is so over IPv6 as well", async () => {
    const { port, host } = await startServer({ host: "::1" });
    expect(host).toBe("::1");
    expect(await status(port, {}, "::1")).toBe(200);
    expect(await status(port, { host: "evil.example" }, "::1")).toBe(421);
  });
});

test("a server on every address, which somebody chose, is for everybody", async () => {
  const { port } = await startServer({ host: "0.0.0.0" });
  expect(await status(port, { host: "db.example:8080", origin: "https://app.example" })).toBe(200);
  expect(await upgradeStatus(port, { host: "db.example:8080", origin: "https://app.example" })).toBe(101);
});
