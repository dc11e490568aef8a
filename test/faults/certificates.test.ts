import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { connector, SocketObserver } from "#dist/index.js";
import { cleanEnv } from "../support/cli.js";
import { eventually } from "../support/eventually.js";
import { wrongServer } from "../support/wrong-certificates.js";

const TOKEN = "opaque-and-secret";

describe.each(["https", "wss"])("over %s", (scheme) => {
  it.each([
    ["has expired", ["localhost"], -1, "trusted", "the server's certificate has expired"],
    ["is for another host", ["other.example"], 30, "trusted", "the server's certificate is for another name"],
    ["nobody vouches for", ["localhost"], 30, "unknown", "the server's certificate was refused"],
  ] as const)("a certificate that %s is refused, and no token sent", async (_, names, days, maker, why) => {
    await using server = await wrongServer(names, days);
    const sockets = new SocketObserver().group();
    const open = connector({
      url: `${scheme}://localhost:${server.port}`,
      authToken: TOKEN,
      ca: maker === "trusted" ? server.cert : undefined,
      sockets,
    });
    const opening = open(AbortSignal.timeout(10_000));
    await expect(opening).rejects.toMatchObject({
      code: "TLS_FAILED",
      message: expect.stringContaining(why) as string,
    });
    expect(server.heard()).toBe("");
    await eventually(() => sockets.open === 0);
  });
});

it("NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment lets no such certificate in", async () => {
  await using server = await wrongServer(["localhost"]);
  const script = fileURLToPath(new URL("../support/refused-certificates.js", import.meta.url));
  const given = JSON.stringify({ port: server.port, authToken: TOKEN });
  const { stdout } = await promisify(execFile)(process.execPath, [script, given], {
    env: { ...cleanEnv(), NODE_TLS_REJECT_UNAUTHORIZED: "0" },
  });
  expect(JSON.parse(stdout)).toEqual({
    https: "TLS_FAILED",
    wss: "TLS_FAILED",
    libsql: "TLS_FAILED",
    version: null,
    statistics: "TLS_FAILED",
  });
  expect(server.heard()).toBe("");
});
