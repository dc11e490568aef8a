import { expect, it, vi } from "vitest";
import { measureCost } from "#dist/tune/cost/measure-cost.js";
import { currentSettings } from "#dist/tune/derive/current.js";
import { afterGaps } from "#dist/tune/proof/after-gap.js";
import type { Candidate } from "#dist/tune/proof/contender.js";
import { hold } from "#dist/tune/proof/hold.js";
import { steady, steadyOperations } from "#dist/tune/proof/steady.js";
import { profileOf } from "#dist/tune/profile.js";
import { Seats } from "#dist/tune/seats.js";
import type { Site } from "#dist/tune/site.js";
import { serve } from "../support/servers.js";
import { siteAt } from "../support/sites.js";

const FORGETS = { network: { idleTimeoutMs: 1_000, idleDrop: true } };
const QUERIES = [{ sql: "SELECT 1", weight: 1 }];

function candidatesAt({ own: way }: Site, more = {}): [Candidate, Candidate] {
  const settings = currentSettings({});
  return [
    { name: "current", way, settings },
    { name: "recommended", way, settings: { ...settings, keepAliveInterval: 400, ...more } },
  ];
}

it("a pool that pings in time holds a connection that a middlebox would forget; the guide's preset does not", async () => {
  await using server = await serve("ws", FORGETS);
  const site = siteAt(server, { timeout: 700 });
  const [current, recommended] = candidatesAt(site);
  const plan = { idle: 2_500, connections: 1 };
  const [guide, ours] = await Promise.all([
    hold(current, { ...plan, as: "guide" }, site),
    hold(recommended, { ...plan, as: "recommended" }, site),
  ]);
  expect(guide).toMatchObject({ settings: "guide", connections: 1, kept: 0, held: false });
  expect(ours).toMatchObject({ settings: "recommended", connections: 1, kept: 1, held: true });
  expect(site.seats.free).toBe(site.seats.limit);
});

it("operations after a gap fail where the connection was forgotten, and only there", async () => {
  await using server = await serve("ws", FORGETS);
  const site = siteAt(server, { timeout: 700 });
  const pairs = await afterGaps(candidatesAt(site), { gap: 1_600, gaps: 2, pools: 3 }, site);
  expect(pairs).toHaveLength(6);
  expect(pairs.filter(({ current }) => current === null).length).toBeGreaterThanOrEqual(3);
  expect(pairs.map(({ recommended }) => recommended).filter((took) => took === null)).toEqual([]);
  expect(site.seats.free).toBe(site.seats.limit);
});

it("both candidates get the same arrivals, never more connections than there are seats, and leave none", async () => {
  await using server = await serve("ws");
  const site = siteAt(server, { seats: new Seats(6) });
  const profile = profileOf("default", { perSecond: 400, burst: 8 });
  const until = site.clock.now() + 4_000;
  const fitting = { maxConnections: 3 };
  const [current, recommended] = candidatesAt(site, fitting);
  const both = [{ ...current, settings: { ...current.settings, ...fitting } }, recommended];
  const { records, queries } = await steady(
    both,
    { profile, queries: QUERIES, seed: 1, deadline: until },
    site,
  );
  const [one, other] = records.map(({ arrivals }) => arrivals.latency.count);
  expect(one).toBeGreaterThan(0);
  expect(other).toBe(one);
  expect(queries).toBeLessThanOrEqual(steadyOperations(profile));
  // The warm-up is among them, the counting of which is not the database's.
  expect(queries).toBeGreaterThan(2 * (one ?? 0));
  expect((await server.server.metrics()).statements).toBe(queries);
  expect(site.seats.takePeak()).toBeLessThanOrEqual(6);
  expect(site.seats.free).toBe(6);
});

it("the cost of both transports is measured in turns over one connection at a time, and says what the server announces", async () => {
  await using server = await serve("wss", { httpKeepAliveMs: 5_000 });
  const site = siteAt(server);
  const { value, outcome } = await measureCost(site, QUERIES);
  expect(outcome).toBe("done");
  expect(value).toMatchObject([
    { transport: "ws", unavailable: null, keep_alive_hint_ms: null },
    { transport: "http", unavailable: null, keep_alive_hint_ms: 5_000 },
  ]);
  expect(value?.every((cost) => (cost.round_trip_ms?.samples ?? 0) >= 100)).toBe(true);
  expect(site.seats.takePeak()).toBe(1);
  // It learns of a closed socket a moment later.
  await vi.waitUntil(async () => (await server.server.metrics()).socketsOpen === 0);
});

it("a database that stops answering ends the traffic, with what was measured, even where both hold all connections", async () => {
  await using server = await serve("ws");
  const site = siteAt(server, { seats: new Seats(4), timeout: 300, connectTimeout: 300 });
  const profile = profileOf("default", { perSecond: 400, burst: 8 });
  const few = candidatesAt(site).map((one) => ({ ...one, settings: { ...one.settings, maxConnections: 2 } }));
  const plan = { profile, queries: QUERIES, seed: 1, deadline: site.clock.now() + 30_000 };
  const ending = steady(few, plan, site);
  await vi.waitUntil(() => site.seats.free === 0);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  process.kill(server.server.pid, "SIGSTOP");
  const { records, died } = await ending.finally(() => process.kill(server.server.pid, "SIGCONT"));
  expect(died?.code).toBe("CONNECT_TIMEOUT");
  expect(records.map(({ arrivals }) => arrivals.latency.count > 0)).toEqual([true, true]);
  expect(site.seats.free).toBe(4);
});
