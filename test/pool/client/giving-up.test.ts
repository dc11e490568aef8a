import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LibsqlError } from "@libsql/client";
import { createPool } from "../../../src/pool/client/create-pool.js";
import { pooledClient } from "../../support/client-fixture.js";
import { settle } from "../../support/pool-fixture.js";

const WRITE = "INSERT INTO t VALUES (1)";

async function ticks(count: number): Promise<void> {
  for (let tick = 0; tick < count; tick++) await Promise.resolve();
}

/** Calls, and gives up after each of the first turns that promises take. */
async function giveUpSoon(call: (signal: AbortSignal, at: number) => Promise<unknown>): Promise<unknown[]> {
  const errors: unknown[] = [];
  for (let at = 0; at < 40; at++) {
    const abort = new AbortController();
    const result = call(abort.signal, at).catch((error: unknown) => errors.push(error));
    await ticks(at);
    abort.abort();
    await result;
    await settle();
  }
  return errors;
}

describe("whoever gives up in the very moment at which a call begins", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "giving-up-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it("does not take a database in memory away from the others", async () => {
    await using client = createPool({ url: ":memory:" });
    await client.execute("CREATE TABLE t (v)");
    await giveUpSoon((signal) => client.with({ signal }).execute(WRITE));
    await giveUpSoon(async (signal) => (await client.with({ signal }).transaction()).close());
    await client.execute("SELECT * FROM t");
    expect(client.statistics()).toMatchObject({ activeConnections: 0, totalConnectionsCreated: 1 });
  });

  it("leaves no transaction behind that has a file locked", async () => {
    await using client = createPool({ url: `file:${join(folder, "a.db")}` });
    await client.execute("CREATE TABLE t (v)");
    await giveUpSoon(async (signal) => (await client.with({ signal }).transaction()).close());
    await client.execute(WRITE);
    expect(client.statistics().activeConnections).toBe(0);
  });

  it("leaves no transaction behind that a closing client would wait for", async () => {
    const { client, clock } = pooledClient();
    await giveUpSoon(async (signal) => (await client.with({ signal }).transaction()).close());
    expect(client.statistics().activeConnections).toBe(0);
    const closing = client.close({ timeout: 60_000 });
    await settle();
    expect(clock.pendingTimers).toBe(0);
    await closing;
  });

  it("is not told that nothing was executed when a fetch of its own has it all the same", async () => {
    const fetched: string[] = [];
    const fetch = async (request: Request): Promise<Response> => {
      fetched.push(await request.text());
      return new Response("no", { status: 500 });
    };
    await using client = createPool({ url: "http://localhost:1", fetch });
    const errors = await giveUpSoon((signal, at) =>
      client.with({ signal }).batch([`INSERT INTO t VALUES ('k${at}')`]),
    );
    expect(errors).toHaveLength(40);
    for (const [at, error] of errors.entries()) {
      const wasSent = fetched.some((body) => body.includes(`'k${at}'`));
      if (wasSent) expect(error).toMatchObject({ outcome: "unknown" });
    }
  });
});

describe("a fetch of the caller's", () => {
  it.each([["Error", new Error("socket hang up")] as const, ["string", "socket hang up"] as const])(
    "may reject with whatever it likes, the caller gets a LibsqlError (%s)",
    async (_kind, reason) => {
      // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that is the point
      await using client = createPool({ url: "http://localhost:1", fetch: () => Promise.reject(reason) });
      const error: unknown = await client.execute(WRITE).catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(LibsqlError);
      expect(error).toMatchObject({ code: "CONNECTION_CLOSED", outcome: "unknown" });
    },
  );
});
