import { describe, expect, it } from "vitest";
import { createPool, PooledClientError, type TokenProvider } from "#dist/index.js";
import { eventually } from "../support/eventually.js";
import { serve } from "../support/servers.js";
import { signedTokens } from "../support/signed-tokens.js";

const SELECT = "SELECT 1";

/** A guarded server, and who signs for it. */
async function guarded(scheme: "http" | "ws") {
  const tokens = await signedTokens();
  const { server, url } = await serve(scheme, { authJwtKeyFile: tokens.authJwtKeyFile });
  return {
    server,
    url,
    sign: tokens.sign,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await tokens[Symbol.asyncDispose]();
    },
  };
}

const errorOf = async (call: Promise<unknown>): Promise<PooledClientError> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PooledClientError);
  return error as PooledClientError;
};

describe.concurrent.each(["http", "ws"] as const)("a client with a token provider, over %s,", (scheme) => {
  it("has all connections with the new token when there is one, and no caller notices", async () => {
    await using it = await guarded(scheme);
    let token = await it.sign("1h");
    const given: string[] = [];
    const authToken: TokenProvider = () => (given.push(token), token);
    const client = createPool({ url: it.url, authToken, maxConnections: 4 });
    const ask = () => Promise.all(Array.from({ length: 8 }, () => client.execute(SELECT)));
    await ask();
    const before = (await it.server.metrics()).socketsAccepted;
    const transaction = await client.transaction("write");
    token = await it.sign("2h");
    // The next connection that is opened brings the new token to light.
    client.pool.pool.idle().at(0)?.resource.client.close();
    await eventually(() => client.statistics().evictions["connection-closed"] === 1);
    await ask();
    await eventually(() => client.statistics().evictions.retired === 2);
    // Whoever is in the middle of something keeps what it has.
    await transaction.execute("CREATE TABLE t (a)");
    await transaction.commit();
    await eventually(() => client.statistics().evictions.retired === 3);
    await ask();
    expect(new Set(given).size).toBe(2);
    expect((await it.server.metrics()).socketsAccepted).toBeGreaterThan(before);
    await client.close();
  });

  it("asks for another token when the server refuses the one it has, once, and the caller notices nothing", async () => {
    await using it = await guarded(scheme);
    const tokens = [await it.sign("-1h"), await it.sign("1h")];
    const expired = tokens[0] ?? "";
    let asked = 0;
    const client = createPool({
      url: it.url,
      minConnections: 0,
      authToken: () => tokens[Math.min(asked++, 1)] ?? "",
    });
    await client.execute("CREATE TABLE t (a)");
    await client.execute("INSERT INTO t VALUES (1)");
    expect(asked).toBe(2);
    await client.close();

    const hopeless = createPool({ url: it.url, minConnections: 0, authToken: () => (asked++, expired) });
    asked = 0;
    const error = await errorOf(hopeless.execute(SELECT));
    expect(error).toMatchObject({ code: "AUTH_REJECTED", outcome: "not executed" });
    expect(`${error.message} ${error.stack ?? ""}`).not.toContain(expired);
    expect(asked).toBe(2);
    await hopeless.close();
  });

  it("says that there is no token when the provider fails, without repeating what it said of one", async () => {
    await using it = await guarded(scheme);
    const good = await it.sign("1h");
    let works = false;
    const client = createPool({
      url: it.url,
      operationTimeout: 800,
      authToken: async () => {
        if (!works) throw new Error(`could not renew ${good}`);
        return good;
      },
    });
    const error = await errorOf(client.execute(SELECT));
    expect(["TOKEN_UNAVAILABLE", "OPERATION_TIMEOUT"]).toContain(error.code);
    expect(error.outcome).toBe("not executed");
    expect(JSON.stringify([error.message, error.stack, error.cause, error])).not.toContain(good);
    works = true;
    await eventually(() =>
      client.execute(SELECT).then(
        () => true,
        () => false,
      ),
    );
    await client.close();
  });

  it("says so by the deadline when the provider never answers", async () => {
    await using it = await guarded(scheme);
    const client = createPool({
      url: it.url,
      operationTimeout: 500,
      authToken: () => new Promise<string>(() => undefined),
    });
    const calls = Array.from({ length: 20 }, () => errorOf(client.execute(SELECT)));
    for (const error of await Promise.all(calls)) {
      expect(error).toMatchObject({ code: "OPERATION_TIMEOUT", outcome: "not executed" });
    }
    await client.close();
  });
});
