import { describe, expect, it } from "vitest";
import { atATime, clientScene, fateOf, type ClientScene } from "../support/client-scene.js";

const TIMES = 1_000;
const MOST = 20;
/** Nobody waits for a while before connecting again: a thousand connections are to be lost. */
const AT_ONCE = { maxConnections: MOST, random: () => 0 };
const KEYS = Array.from({ length: TIMES }, (_, i) => `key ${i}`);
const INSERT = "INSERT INTO writes (key) VALUES (?)";
const UNKNOWN = { kind: "failed", code: "CONNECTION_CLOSED", outcome: "unknown" };

async function counts(scene: ClientScene): Promise<Map<unknown, unknown>> {
  const { rows } = await scene.ask("SELECT key, count(*) FROM writes GROUP BY key");
  return new Map(rows.map((row) => [row[0], row[1]]));
}

const writeAll = ({ client }: ClientScene, keys = KEYS) =>
  atATime(
    MOST,
    keys.map((key) => () => fateOf(client.execute({ sql: INSERT, args: [key] }))),
  );

describe.each(["http", "ws"] as const)("a retried statement is never one that ran, over %s", (scheme) => {
  it("of 1,000 writes whose answers are cut, each is executed once, and its caller told that nobody knows", async () => {
    await using scene = await clientScene(scheme, AT_ONCE);
    await scene.ask("CREATE TABLE writes (key TEXT)");
    await scene.proxy.inject({ kind: "cut-answer", matching: "INSERT", bytes: 0 });
    expect(await writeAll(scene)).toEqual(KEYS.map(() => UNKNOWN));
    expect(scene.proxy.struck).toBe(TIMES);
    expect(await counts(scene)).toEqual(new Map(KEYS.map((key) => [key, 1])));
  });

  it("nor when the answer is cut in its middle", async () => {
    await using scene = await clientScene(scheme, AT_ONCE);
    await scene.ask("CREATE TABLE writes (key TEXT)");
    for (const bytes of [1, 10, 60, 150]) {
      const keys = KEYS.slice(0, 100).map((key) => `${key}, ${bytes}`);
      await scene.proxy.inject({ kind: "cut-answer", matching: "INSERT", bytes });
      const fates = await writeAll(scene, keys);
      // Over WebSocket, the whole answer to an INSERT may be among the bytes that came.
      for (const fate of fates) if (fate.kind === "failed") expect(fate).toEqual(UNKNOWN);
      const found = await counts(scene);
      expect(keys.map((key) => found.get(key))).toEqual(keys.map(() => 1));
    }
  });

  it("reads whose answers are cut are executed again, and succeed", async () => {
    await using scene = await clientScene(scheme, { ...AT_ONCE, maxRetries: 5 });
    await scene.proxy.inject({ kind: "cut-answer", matching: "SELECT", probability: 0.05 });
    const reads = KEYS.map((key) => async () => {
      const { rows } = await scene.client.execute({ sql: "SELECT ?", args: [key] });
      return rows[0]?.[0];
    });
    expect(await atATime(MOST, reads)).toEqual(KEYS);
    expect(scene.proxy.struck).toBeGreaterThan(20);
  });

  it("writes that are lost before they reach the server are not sent again either: nobody can know that", async () => {
    await using scene = await clientScene(scheme, AT_ONCE);
    await scene.ask("CREATE TABLE writes (key TEXT)");
    await scene.proxy.inject({ kind: "cut-request", matching: "INSERT" });
    expect(await writeAll(scene)).toEqual(KEYS.map(() => UNKNOWN));
    expect(scene.proxy.struck).toBe(TIMES);
    expect(await counts(scene)).toEqual(new Map());
  });

  it("writes for which there is no connection wait for one, and each is executed once", async () => {
    await using scene = await clientScene(scheme, { ...AT_ONCE, minConnections: 0 });
    await scene.ask("CREATE TABLE writes (key TEXT)");
    await scene.proxy.inject({ kind: "refuse" });
    const fates = writeAll(scene);
    await scene.proxy.heal();
    expect(await fates).toEqual(KEYS.map(() => ({ kind: "answered" })));
    expect(await counts(scene)).toEqual(new Map(KEYS.map((key) => [key, 1])));
  });
});
