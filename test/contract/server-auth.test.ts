import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createClient } from "@libsql/client";
import type { EmbeddedServer } from "#dist/server/embedded-server.js";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { onTestEnd, pipeline, post, RawSocket, startServer, temporaryFolder } from "./server-support.js";

const { privateKey, publicKey } = generateKeyPairSync("ed25519");

function startGuarded(): Promise<EmbeddedServer> {
  const authJwtKeyFile = join(temporaryFolder(), "jwt.pem");
  writeFileSync(authJwtKeyFile, publicKey.export({ type: "spki", format: "pem" }));
  return startServer({ authJwtKeyFile });
}

function token(claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: "EdDSA" }).sign(privateKey);
}

const expired = { exp: Math.floor(Date.now() / 1_000) - 100 };

describe("with a key, over HTTP", () => {
  test("only those with a token get in", async () => {
    const server = await startGuarded();
    const ask = async (jwt?: string) => {
      const { status, text } = await post(server, "/v2/pipeline", pipeline(["SELECT 1"]), jwt);
      return [status, status === 200 ? "" : (JSON.parse(text) as { error: string }).error];
    };
    expect(await ask(await token())).toEqual([200, ""]);
    expect(await ask()).toEqual([401, "Unauthorized: `Authentication is required but no JWT was specified`"]);
    expect(await ask("rubbish")).toEqual([401, "Unauthorized: `The JWT is invalid`"]);
    expect(await ask(await token({ a: "xx" }))).toEqual([401, "Unauthorized: `The JWT is invalid`"]);
    expect(await ask(await token(expired))).toEqual([401, "Unauthorized: `The JWT has expired`"]);
    expect((await server.metrics()).streamsOpened).toBe(1);
    expect((await fetch(`${server.url("http")}/health`)).status).toBe(200);
  });

  test("a read-only token reads", async () => {
    const server = await startGuarded();
    const jwt = await token({ a: "ro" });
    const sqls = ["SELECT count(*) FROM items", "DELETE FROM items"];
    expect((await post(server, "/v2/pipeline", pipeline(sqls), jwt)).json().results).toMatchObject([
      { type: "ok" },
      { type: "error", error: { code: "BLOCKED" } },
    ]);
  });
});

describe("with a key, over WebSocket", () => {
  test.each([
    ["no token", () => null, "AUTH_JWT_MISSING"],
    ["a wrong token", () => "rubbish", "AUTH_JWT_INVALID"],
    ["a token with an unknown claim", () => token({ a: "xx" }), "AUTH_JWT_INVALID"],
    ["an expired token", () => token(expired), "AUTH_JWT_EXPIRED"],
  ])("%s is refused in the greeting, and the socket closed", async (_, jwt, code) => {
    const server = await startGuarded();
    const socket = await RawSocket.open(server.url("ws"), "hrana2");
    socket.send({ type: "hello", jwt: await jwt() });
    socket.request(1, { type: "open_stream", stream_id: 1 });
    await socket.closed;
    expect(socket.messages).toMatchObject([{ type: "hello_error", error: { code } }]);
    expect((await server.metrics()).streamsOpened).toBe(0);
  });

  test("a good token gets in, and a later one replaces it", async () => {
    const server = await startGuarded();
    const socket = await RawSocket.open(server.url("ws"), "hrana2");
    const deletion = { type: "execute", stream_id: 1, stmt: { sql: "DELETE FROM items WHERE id = 1" } };
    socket.send({ type: "hello", jwt: await token({ a: "ro" }) });
    socket.request(1, { type: "open_stream", stream_id: 1 });
    socket.request(2, deletion);
    socket.send({ type: "hello", jwt: await token({ a: "rw" }) });
    socket.request(3, deletion);
    expect(await socket.answer(2)).toMatchObject({ error: { code: "BLOCKED" } });
    expect(await socket.answer(3)).toMatchObject({ response: { result: { affected_row_count: 1 } } });
  });
});

test.each(["ws", "http"] as const)("@libsql/client over %s gets in with its token alone", async (scheme) => {
  const server = await startGuarded();
  const connect = (authToken?: string) => {
    const client = createClient({
      url: server.url(scheme),
      ...(authToken === undefined ? {} : { authToken }),
    });
    onTestEnd(() => client.close());
    return client;
  };
  expect((await connect(await token()).execute("SELECT 1")).rows).toHaveLength(1);
  const code = scheme === "ws" ? "AUTH_JWT_MISSING" : "SERVER_ERROR";
  await expect(connect().execute("SELECT 1")).rejects.toMatchObject({ code });
});
