import { describe, expect, test } from "vitest";
import type { LayerName } from "../../../src/tune/result.js";
import { FakeNetwork, type FakeLimit } from "./fake-network.js";

const closed = (after: number): FakeLimit => ({ kind: "closed", after });
const silent = (after: number): FakeLimit => ({ kind: "silent", after });

describe("idle limits", () => {
  test.each([
    ["closing", closed, 32, 500, 20_000],
    ["closing", closed, 12, 500, 40_000],
    ["silent", silent, 32, 1_000, 40_000],
    ["silent", silent, 12, 1_000, 40_000],
  ] as const)(
    "a %s limit of 7 s in every layer is found, with connections as few as (%#)",
    async (_, kind, seats, within, longest) => {
      const limit = kind(7_000);
      const network = new FakeNetwork({ http: limit, ws: limit, tcp: limit }, seats);
      const { found, took } = await network.find();
      expect(found).toMatchObject({ outcome: "done", reason: null, error: null });
      for (const layer of found.value?.layers ?? []) {
        expect(layer).toMatchObject({ outcome: "limit", kind: limit.kind });
        expect(Math.abs((layer.limit_ms ?? 0) - 7_000)).toBeLessThan(within);
      }
      expect(found.value?.limits).toMatchObject([{ whose: "network", kind: limit.kind }]);
      expect(took).toBeLessThan(longest);
      expect(network.seats.takePeak()).toBeLessThanOrEqual(seats);
    },
  );

  test("a server's HTTP keep-alive and a middlebox are told apart, over HTTP alone, too", async () => {
    const network = new FakeNetwork({ http: closed(5_000), tcp: silent(12_000) });
    const { found } = await network.find();
    expect(
      found.value?.limits.map(({ whose, kind, limit_ms: ms }) => [whose, kind, Math.round(ms / 1_000)]),
    ).toEqual([
      ["server", "closed", 5],
      ["network", "silent", 12],
    ]);
  });

  test("where there is none, it says so, and up to where it looked", async () => {
    const { found, took } = await new FakeNetwork({ http: undefined, ws: undefined, tcp: undefined }).find();
    for (const layer of found.value?.layers ?? []) {
      expect(layer).toMatchObject({ outcome: "none", searched_up_to_ms: 30_000, note: null });
    }
    expect(found.value?.limits).toEqual([]);
    expect(took).toBeLessThan(32_000);
  });

  test.each([1, 4])("with %i connections it takes longer and finds the same", async (seats) => {
    const all: Record<LayerName, FakeLimit> = {
      http: closed(3_000),
      ws: silent(6_000),
      tcp: silent(6_000),
      client: closed(3_000),
      stream: { kind: "refused", after: 10_000 },
    };
    const network = new FakeNetwork(all, seats);
    const { found } = await network.find();
    expect(found.outcome).toBe("done");
    for (const { layer, limit_ms: ms } of found.value?.layers ?? []) {
      expect(Math.abs((ms ?? 0) - all[layer].after)).toBeLessThan(500);
    }
    expect(network.seats.takePeak()).toBeLessThanOrEqual(seats);
  });

  test("afterwards no connection, seat or timer is left", async () => {
    const network = new FakeNetwork({ http: silent(2_000), ws: undefined });
    await network.find({ maxIdle: 5_000 });
    expect([network.open, network.seats.free, network.clock.pendingTimers]).toEqual([0, 32, 0]);
  });

  test("an interrupt ends it at once, with what was found so far", async () => {
    const network = new FakeNetwork({ http: closed(2_000), ws: undefined });
    const finding = network.begin();
    await network.clock.advance(6_000);
    network.interruption.abort();
    await network.clock.advance(0);
    const { outcome, reason, value } = await finding;
    expect([outcome, reason]).toEqual(["cut short", "interrupted"]);
    expect(value?.layers).toMatchObject([
      { layer: "http", outcome: "limit" },
      { layer: "ws", outcome: "unknown", note: "interrupted" },
    ]);
    expect([network.open, network.seats.free, network.clock.pendingTimers]).toEqual([0, 32, 0]);
  });

  test("a target that dies is no limit: the phase has failed, with what was known", async () => {
    const network = new FakeNetwork({ http: closed(2_000), ws: undefined, tcp: undefined });
    const finding = network.begin();
    await network.clock.advance(6_000);
    network.die();
    await network.clock.advance(30_000);
    const { outcome, error, value } = await finding;
    expect([outcome, error?.code]).toEqual(["failed", "UNREACHABLE"]);
    expect(value?.layers.map(({ outcome: found }) => found)).toEqual(["limit", "unknown", "unknown"]);
    expect(value?.limits).toHaveLength(1);
    expect([network.open, network.seats.free, network.clock.pendingTimers]).toEqual([0, 32, 0]);
  });

  test("a target that stands still is no limit, though connections to it can be opened: the phase has soon failed", async () => {
    for (const frozenAt of [1_000, 12_000]) {
      const network = new FakeNetwork({ http: closed(2_000), tcp: undefined });
      const finding = network.begin();
      await network.clock.advance(frozenAt);
      network.freeze();
      await network.clock.advance(60_000);
      const { outcome, error, value } = await finding;
      expect([outcome, error?.code]).toEqual(["failed", "CONNECT_TIMEOUT"]);
      expect(value?.layers[1]).toMatchObject({ layer: "tcp", outcome: "unknown", lost_ms: null });
      expect([network.open, network.seats.free, network.clock.pendingTimers]).toEqual([0, 32, 0]);
    }
  });

  test("a server that drops all connections once has no limit there", async () => {
    const network = new FakeNetwork({ http: undefined, ws: undefined, tcp: undefined });
    const finding = network.begin({ maxIdle: 20_000 });
    await network.clock.advance(5_000);
    network.dropAll();
    await network.clock.advance(100_000);
    const { outcome, value } = await finding;
    expect(outcome).toBe("done");
    for (const layer of value?.layers ?? []) expect(layer.outcome).toBe("none");
  });

  test("a stream that expires sooner than most is found on a slow network, too, and not looked for at 10 s for ever", async () => {
    for (const takes of [20, 100, 200]) {
      const network = new FakeNetwork({ stream: { after: 4_000, kind: "refused", takes } });
      const { found, took } = await network.find();
      expect(found.value?.layers[0]).toMatchObject({ outcome: "limit", kind: "refused" });
      expect(Math.abs((found.value?.limits[0]?.limit_ms ?? 0) - 4_000)).toBeLessThan(500);
      expect(took).toBeLessThan(60_000);
    }
  });

  test("when there is little time left it looks for as long as it can, and says so", async () => {
    const network = new FakeNetwork({ http: undefined });
    const { found, took } = await network.find({ maxIdle: 60_000, deadline: 20_000 });
    expect([found.outcome, found.reason]).toEqual(["cut short", "no time left to look for longer limits"]);
    expect(found.value?.layers[0]).toMatchObject({ outcome: "none" });
    expect(found.value?.layers[0]?.searched_up_to_ms).toBeGreaterThan(16_000);
    expect(took).toBeLessThan(20_000);
  });

  test("what is being waited for is told", async () => {
    const network = new FakeNetwork({ http: closed(4_000), ws: undefined });
    await network.find({ maxIdle: 10_000 });
    expect(network.told[0]).toMatchObject({
      phase: "idle",
      doing: "idle limits: http up to 10 s, ws up to 10 s",
    });
    expect(network.told[0]?.expectedMs).toBeGreaterThan(9_000);
  });
});
