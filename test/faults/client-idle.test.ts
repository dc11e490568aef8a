import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { clientScene, fateOf, type ClientScene } from "../support/client-scene.js";
import { eventually } from "../support/eventually.js";

const CALLERS = 8;
const SELECT = "SELECT name FROM items WHERE id = 1";
const IDLE_MS = 2_500;

const askAll = ({ client }: ClientScene): Promise<unknown[]> =>
  Promise.all(Array.from({ length: CALLERS }, () => fateOf(client.execute(SELECT))));
const ALL_ANSWERED = Array.from({ length: CALLERS }, () => ({ kind: "answered" }));

/** What became of a plain client's call by the time that ours had their answers, and a while longer. */
async function stateOf(call: Promise<unknown>): Promise<"pending" | "settled"> {
  const settled = call.then(
    () => "settled" as const,
    () => "settled" as const,
  );
  return Promise.race([settled, sleep(1_000, "pending" as const)]);
}

describe.concurrent("after idling for longer than the other side allows", () => {
  it("over http, where the server has closed the connections, queries are answered", async () => {
    await using scene = await clientScene("http", {}, { httpKeepAliveMs: 1_000 });
    const { client, server } = scene;
    expect(await askAll(scene)).toEqual(ALL_ANSWERED);
    await sleep(IDLE_MS);
    expect(await askAll(scene)).toEqual(ALL_ANSWERED);
    expect(client.statistics().evictions["connection-closed"]).toBeGreaterThan(0);
    expect((await server.metrics()).socketsAccepted).toBeGreaterThan(CALLERS);
  });

  it.each(["http", "ws"] as const)(
    "over %s, where a middlebox has forgotten the connections, queries are answered, as nothing idles so long",
    async (scheme) => {
      await using scene = await clientScene(scheme, { keepAliveInterval: 400, staleThreshold: 10_000 });
      await scene.proxy.inject({ kind: "half-open", idleMs: 1_500 });
      expect(await askAll(scene)).toEqual(ALL_ANSWERED);
      await sleep(IDLE_MS);
      expect(await askAll(scene)).toEqual(ALL_ANSWERED);
      // None was lost; one that is being pinged just then may have another opened in its place.
      expect(scene.client.statistics().totalLostWhileIdle).toBe(0);
      expect(scene.proxy.struck).toBe(0);
    },
  );

  it.each(["http", "ws"] as const)(
    "over %s, where a middlebox forgets faster than anybody pings, connections are asked first and replaced",
    async (scheme) => {
      await using scene = await clientScene(scheme, {
        enableProactivePing: false,
        staleThreshold: 1_000,
        healthCheckTimeout: 200,
      });
      await scene.proxy.inject({ kind: "half-open", idleMs: 800 });
      expect(await askAll(scene)).toEqual(ALL_ANSWERED);
      await sleep(IDLE_MS);
      expect(await askAll(scene)).toEqual(ALL_ANSWERED);
      expect(scene.client.statistics().totalStaleDetected).toBeGreaterThan(0);
      await eventually(() => scene.client.statistics().idleConnections > 0);
    },
  );

  it.each(["http", "ws"] as const)(
    "over %s, a plain client's query hangs where a middlebox has forgotten its connection",
    async (scheme) => {
      await using scene = await clientScene(scheme);
      const plain = scene.plain();
      await scene.proxy.inject({ kind: "half-open", idleMs: 800 });
      await plain.execute(SELECT);
      await sleep(1_500);
      const call = plain.execute(SELECT);
      expect(await stateOf(call)).toBe("pending");
      // Its connection ends with the proxy, and the call with it.
      call.catch(() => undefined);
    },
  );
});
