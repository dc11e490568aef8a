import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Transaction } from "@libsql/client";
import { describe, expect, it } from "vitest";
import { startEmbeddedServer } from "#dist/server/embedded-server.js";
import { clientScene, fateOf, type ClientScene } from "../support/client-scene.js";
import { eventually } from "../support/eventually.js";

const run = promisify(execFile);
const CLOSED = { code: "TRANSACTION_CLOSED", outcome: "not executed" };
const insert = (key: string) => ({ sql: "INSERT INTO writes (key) VALUES (?)", args: [key] });

async function keys(scene: ClientScene): Promise<unknown[]> {
  const { rows } = await scene.ask("SELECT key FROM writes ORDER BY key");
  return rows.map((row) => row[0]);
}

async function begun(scene: ClientScene): Promise<Transaction> {
  const transaction = await scene.client.transaction("write");
  await transaction.execute(insert("of the transaction"));
  return transaction;
}

/** A transaction that is lost says so to every call, and leaves nothing behind: no row, no lease, no harm to others. */
async function expectLost(scene: ClientScene, transaction: Transaction): Promise<void> {
  const { client } = scene;
  expect(transaction.closed).toBe(true);
  await expect(transaction.execute(insert("after its end"))).rejects.toMatchObject(CLOSED);
  await expect(transaction.batch([insert("after its end")])).rejects.toMatchObject(CLOSED);
  await expect(transaction.executeMultiple("INSERT INTO writes VALUES ('after')")).rejects.toMatchObject(
    CLOSED,
  );
  await expect(transaction.commit()).rejects.toMatchObject(CLOSED);
  await expect(transaction.rollback()).rejects.toMatchObject(CLOSED);
  transaction.close();
  await eventually(() => client.statistics().activeConnections === 0);
  await client.execute(insert("of another caller"));
  expect(await keys(scene)).toEqual(["of another caller"]);
}

describe.each(["http", "ws"] as const)("a transaction over %s is lost, and says so,", (scheme) => {
  const scene = async (
    options: Parameters<typeof clientScene>[1] = {},
    // Over HTTP, a server keeps what a lost connection has begun until its stream expires.
    server: Parameters<typeof clientScene>[2] = { streamExpiryMs: 1_000 },
  ) => {
    const made = await clientScene(scheme, { maxConnections: 3, ...options }, server);
    await made.ask("CREATE TABLE writes (key TEXT)");
    return made;
  };

  it("when its connection is reset between two statements", async () => {
    await using it = await scene();
    const transaction = await begun(it);
    await it.proxy.inject({ kind: "reset", scope: "open" });
    await eventually(() => transaction.closed);
    await expectLost(it, transaction);
  });

  it("when the answer to one of its statements is cut", async () => {
    await using it = await scene();
    const transaction = await begun(it);
    await it.proxy.inject({ kind: "cut-answer", matching: "of no avail" });
    const fate = await fateOf(transaction.execute(insert("of no avail")));
    expect(fate).toEqual({ kind: "failed", code: "CONNECTION_CLOSED", outcome: "unknown" });
    await it.proxy.heal();
    await expectLost(it, transaction);
  });

  it("when one of its statements does not reach the server", async () => {
    await using it = await scene();
    const transaction = await begun(it);
    await it.proxy.inject({ kind: "cut-request", matching: "of no avail" });
    const fate = await fateOf(transaction.execute(insert("of no avail")));
    expect(fate).toEqual({ kind: "failed", code: "CONNECTION_CLOSED", outcome: "unknown" });
    await it.proxy.heal();
    await expectLost(it, transaction);
  });

  it("when it misses a deadline", async () => {
    await using it = await scene({ operationTimeout: 500, keepAliveInterval: 400, pingTimeout: 300 });
    const transaction = await begun(it);
    await it.proxy.inject({ kind: "black-hole", scope: "open" });
    const fate = await fateOf(transaction.execute(insert("late")));
    expect(fate).toEqual({ kind: "failed", code: "OPERATION_TIMEOUT", outcome: "unknown" });
    await it.proxy.heal();
    // The server hears of the end when the network is whole again.
    await eventually(async () => (await it.server.metrics()).streamsOpen === 0);
    await expectLost(it, transaction);
  });

  it("when its caller's signal aborts in mid-statement", async () => {
    await using it = await scene();
    const caller = new AbortController();
    const client = it.client.with({ signal: caller.signal });
    const transaction = await client.transaction("write");
    await transaction.execute(insert("of the transaction"));
    await it.proxy.inject({ kind: "black-hole", scope: "open", resumes: true });
    const { bytesSent } = it;
    const call = fateOf(transaction.execute(insert("aborted")));
    await eventually(() => it.bytesSent > bytesSent);
    caller.abort();
    expect(await call).toEqual({ kind: "failed", code: "ABORTED", outcome: "unknown" });
    await it.proxy.heal();
    await eventually(async () => (await it.server.metrics()).streamsOpen === 0);
    await expectLost(it, transaction);
  });

  it("when the server is killed and restarted", async () => {
    const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
    const databaseFile = join(folder, "test.db");
    {
      await using it = await scene({}, { databaseFile });
      const transaction = await begun(it);
      process.kill(it.server.pid, "SIGKILL");
      await it.server.exited;
      await eventually(() => transaction.closed);
      const second = await startEmbeddedServer({ databaseFile, port: it.server.port });
      await expectLost(it, transaction);
      await second.close();
    }
    await rm(folder, { recursive: true });
  });

  it("when it idled for 5 s while another writer waited (TRANSACTION_TIMEOUT)", async () => {
    await using it = await scene({}, {});
    const transaction = await begun(it);
    // It is rolled back in favour of this one.
    await it.client.execute(insert("of another caller"));
    // Over HTTP, too: the stream is there for 10 s.
    await expect(transaction.execute(insert("too late"))).rejects.toMatchObject({
      code: "TRANSACTION_TIMEOUT",
    });
    await it.ask("DELETE FROM writes");
    await expectLost(it, transaction);
  });

  it("without harm to those who wait for its connection", async () => {
    await using it = await scene({ maxConnections: 1 });
    const transaction = await begun(it);
    const waiting = Promise.all([1, 2, 3].map(() => it.client.execute("SELECT 1")));
    await it.proxy.inject({ kind: "reset", scope: "open" });
    await waiting;
    await expectLost(it, transaction);
  });
});

describe("a transaction over http", () => {
  it("whose stream has expired is lost, and says so", async () => {
    await using it = await clientScene("http", {}, { streamExpiryMs: 300 });
    await it.ask("CREATE TABLE writes (key TEXT)");
    const transaction = await begun(it);
    await eventually(async () => (await it.server.metrics()).streamsOpen === 0);
    await expect(transaction.execute(insert("too late"))).rejects.toMatchObject({
      code: "STREAM_EXPIRED",
      outcome: "not executed",
    });
    await expectLost(it, transaction);
  });

  it("whose baton the server does not know is lost, and says so", async () => {
    await using it = await clientScene("http", {}, { streamExpiryMs: 1_000 });
    await it.ask("CREATE TABLE writes (key TEXT)");
    const transaction = await begun(it);
    await it.proxy.inject({
      ...{ kind: "answer", status: 400, times: 1, headers: { "content-type": "text/plain" } },
      body: "Received an invalid baton",
    });
    const fate = await fateOf(transaction.execute(insert("too late")));
    expect(fate).toEqual({ kind: "failed", code: "SERVER_ERROR", outcome: "not executed" });
    // Of the stream that the server still has, it hears no more.
    await eventually(async () => (await it.server.metrics()).streamsOpen === 0);
    await expectLost(it, transaction);
  });
});

describe.each(["http", "ws"] as const)("a transaction over %s that was forgotten", (scheme) => {
  it("is told of with the place where it was opened, and taken back where that is wanted", async () => {
    await using it = await clientScene(scheme, { leakThreshold: 300, reclaimLeaks: true });
    await it.ask("CREATE TABLE writes (key TEXT)");
    const told: (string | undefined)[] = [];
    it.client.on("leakSuspected", ({ heldBy }) => told.push(heldBy));
    const forgetful = async (): Promise<Transaction> => begun(it);
    const transaction = await forgetful();
    await eventually(() => transaction.closed);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("begun");
    await expectLost(it, transaction);
  });

  it("is told of and left alone where nobody wants it back", async () => {
    await using it = await clientScene(scheme, { leakThreshold: 200 });
    await it.ask("CREATE TABLE writes (key TEXT)");
    const transaction = await begun(it);
    await eventually(() => it.client.statistics().totalLeaksSuspected === 1);
    await sleep(300);
    await transaction.commit();
    expect(await keys(it)).toEqual(["of the transaction"]);
  });
});

describe.each(["http", "ws"] as const)("a transaction over %s that nobody can end any more", (scheme) => {
  it("gives its connection back when it is collected, and is rolled back", async () => {
    await using it = await clientScene(scheme);
    await it.ask("CREATE TABLE writes (key TEXT)");
    const program = fileURLToPath(new URL("../support/forgetful-process.js", import.meta.url));
    const { stdout } = await run(process.execPath, ["--expose-gc", program, it.url]);
    expect(JSON.parse(stdout)).toEqual({ held: 1, left: 0, keys: ["after it"] });
  });
});
