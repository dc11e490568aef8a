import { expect, test } from "vitest";
import { realClock } from "../../src/core/clock.js";
import { seededRandom } from "../../src/core/random.js";
import { openHttpConnection } from "../../src/libsql/http-connection.js";
import { parseTarget, type RemoteTarget } from "../../src/libsql/target.js";
import { findIdleLimits } from "../../src/tune/idle/find-limits.js";
import { Seats } from "../../src/tune/seats.js";
import type { Site } from "../../src/tune/site.js";
import { startServer } from "./server-support.js";

function siteOf(url: (scheme: "ws" | "http") => string, seats: number): Site {
  const way = (scheme: "ws" | "http"): Site["own"] => ({ target: parseTarget(url(scheme)), ca: undefined });
  return {
    display: url("ws"),
    own: way("ws"),
    other: way("http"),
    isEmbedded: true,
    seats: new Seats(seats),
    timeout: 2_000,
    connectTimeout: 2_000,
    clock: realClock,
    random: seededRandom(1),
    signal: new AbortController().signal,
    tell: () => undefined,
  };
}

test("limits of the client, the server's HTTP and streams, and a silent middlebox are found and told apart", async () => {
  const server = await startServer({
    httpKeepAliveMs: 1_000,
    streamExpiryMs: 1_400,
    network: { idleTimeoutMs: 2_000, idleDrop: true },
  });
  const site = siteOf((scheme) => server.url(scheme), 24);
  const { outcome, value } = await findIdleLimits(site, {
    maxIdle: 3_000,
    deadline: realClock.now() + 40_000,
    patience: 500,
    transports: { own: true, other: true },
  });
  expect(outcome).toBe("done");
  const found = value?.limits.map(
    ({ whose, kind, limit_ms: ms }) => [whose, kind, Math.round(ms / 100) / 10] as const,
  );
  expect(found?.map(([whose, kind]) => [whose, kind])).toEqual([
    // Told that the server waits for a second, it takes two off to be on the safe side.
    ["client", "closed"],
    ["server", "closed"],
    ["stream", "refused"],
    ["network", "silent"],
  ]);
  for (const [i, truth] of [0, 1, 1.4, 2].entries()) {
    expect(Math.abs((found?.[i]?.[2] ?? -1) - truth)).toBeLessThanOrEqual(0.5);
  }
  expect(site.seats.free).toBe(24);
  await expect.poll(async () => (await server.metrics()).socketsOpen).toBe(0);
});

test("a connection leaves before the server closes it, unless it was told not to", async () => {
  const server = await startServer({ httpKeepAliveMs: 3_000 });
  const target = parseTarget(server.url("http")) as RemoteTarget;
  const livedFor = async (heedKeepAliveHint: boolean): Promise<number> => {
    const { signal } = new AbortController();
    const connection = await openHttpConnection(target, { heedKeepAliveHint }, signal);
    await connection.ping(signal);
    const since = performance.now();
    await new Promise<void>((resolve) => connection.onClose(resolve));
    return performance.now() - since;
  };
  const [heeding, not] = await Promise.all([livedFor(true), livedFor(false)]);
  expect(heeding).toBeLessThan(2_500);
  expect(not).toBeGreaterThan(2_800);
  expect(not).toBeLessThan(3_500);
});
