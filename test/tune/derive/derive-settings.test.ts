import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveConnectionPool, resolveKeepAlive } from "../../../src/pool/config.js";
import { deriveSettings, type Evidence } from "../../../src/tune/derive/derive-settings.js";
import { profileOf, WORKLOADS } from "../../../src/tune/profile.js";
import { costOf, figures, idleOf, limitOf, planOf, sizeOf } from "../evidence.js";

const JITTER = 0.2;

function derive(evidence: Partial<Evidence> = {}, plan = planOf()) {
  const costs = [costOf("ws://localhost:1", 1)];
  const derived = deriveSettings(plan, {
    costs,
    idle: idleOf(),
    idleUnknown: "",
    size: sizeOf(4),
    ...evidence,
  });
  if (derived === undefined) throw new Error("nothing was derived");
  return derived;
}

const because = (derived: ReturnType<typeof derive>, name: string): string => {
  const setting = derived.settings.find(({ setting: one }) => one === name);
  return `${setting?.because}; ${setting?.rule}`;
};

describe("settings are derived from what was measured", () => {
  it("keeps interval, ping timeout and jitter below the smallest limit, whatever was measured, in settings that a pool takes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...WORKLOADS),
        fc.double({ min: 100, max: 90_000, noNaN: true }),
        fc.double({ min: 0.5, max: 1, noNaN: true }),
        fc.double({ min: 0.05, max: 3_000, noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        fc.integer({ min: 50, max: 40_000 }),
        (workload, lost, share, trip, size, now) => {
          const limit = limitOf(share * lost, lost);
          const { recommended } = derive(
            { idle: idleOf(limit), costs: [costOf("ws://localhost:1", trip)], size: sizeOf(size) },
            planOf({
              profile: profileOf(workload),
              current: { keepAliveInterval: now, staleThreshold: 2 * now, pingTimeout: now / 4 },
            }),
          );
          const { keepAliveInterval, pingTimeout, staleThreshold } = recommended;
          expect(keepAliveInterval * (1 + JITTER) + pingTimeout).toBeLessThan(share * lost);
          expect(staleThreshold).toBeGreaterThanOrEqual(keepAliveInterval);
          resolveKeepAlive(recommended);
          resolveConnectionPool({ ...recommended, open: () => Promise.reject(new Error()) });
        },
      ),
    );
  });

  it("keeps the profile's interval where it is short enough, and where there is no limit", () => {
    expect(derive({ idle: idleOf(limitOf(58_000, 60_000)) }).recommended.keepAliveInterval).toBe(30_000);
    expect(derive().recommended).toMatchObject({ keepAliveInterval: 30_000, staleThreshold: 60_000 });
    expect(because(derive(), "keepAliveInterval")).toContain("no idle limit up to 60 s");
  });

  it("takes no limit that is none of a pooled connection for one: a plain client's own, or a stream's", () => {
    const client = limitOf(3_900, 4_000, { whose: "client", layers: ["client"] });
    const stream = limitOf(9_900, 10_000, { whose: "stream", layers: ["stream"] });
    const { recommended } = derive({ idle: { ...idleOf(), limits: [client, stream] } });
    expect(recommended.keepAliveInterval).toBe(30_000);
  });

  it("gives a ping time for its answer on a slow database, and still comes before the limit", () => {
    const costs = [costOf("ws://localhost:1", 2_000, { round_trip_ms: figures(2_000, 2_200) })];
    const { recommended } = derive({ costs, idle: idleOf(limitOf(6_000, 6_500)) });
    expect(recommended.pingTimeout).toBeGreaterThan(2_200);
    expect(recommended.keepAliveInterval * (1 + JITTER) + recommended.pingTimeout).toBeLessThan(6_000);
  });

  it("says that limits are not known where they were not found out", () => {
    const derived = derive({ idle: null, idleUnknown: "--budget was used up" });
    expect(derived.recommended.keepAliveInterval).toBe(30_000);
    expect(because(derived, "keepAliveInterval")).toContain("not known: --budget was used up");
  });

  it("keeps below the moment at which the client closes a connection that the server announced an end for", () => {
    const costs = [costOf("http://localhost:1", 1, { keep_alive_hint_ms: 5_000 })];
    const { recommended } = derive({ costs });
    expect(recommended.keepAliveInterval * (1 + JITTER) + recommended.pingTimeout).toBeLessThan(3_000);
  });

  it("gives different settings for every workload on the same database, with a limit and without", () => {
    for (const idle of [idleOf(), idleOf(limitOf(6_900, 7_000))]) {
      const all = WORKLOADS.map((workload) =>
        JSON.stringify(derive({ idle }, planOf({ profile: profileOf(workload) })).recommended),
      );
      expect(new Set(all).size).toBe(WORKLOADS.length);
    }
  });

  it("changes the transport only where the other is surely shorter, and says what each took", () => {
    const http = costOf("http://localhost:1", 0.8);
    const ws = costOf("ws://localhost:1", 0.2);
    expect(derive({ costs: [http, ws] }).via.transport).toBe("ws");
    expect(because(derive({ costs: [http, ws] }), "transport")).toContain(
      "0.8 ms over http, 0.2 ms over ws; the one with the shorter round trip",
    );
    expect(derive({ costs: [ws, http] }).via.transport).toBe("ws");
    expect(derive({ costs: [http, costOf("ws://localhost:1", 0.78)] }).via.transport).toBe("http");
    const dead = { ...ws, unavailable: "refused", round_trip_ms: null, open_ms: null };
    expect(derive({ costs: [http, dead] }).via.transport).toBe("http");
  });

  it("waits for a ping as long as the tail of the round trip asks for, from 1 to 5 s", () => {
    const timeoutAt = (p99: number) =>
      derive({ costs: [costOf("ws://localhost:1", 1, { round_trip_ms: figures(p99 / 2, p99) })] }).recommended
        .pingTimeout;
    expect(timeoutAt(1)).toBe(1_000);
    expect(timeoutAt(200)).toBe(2_000);
    expect(timeoutAt(900)).toBe(5_000);
  });

  it("leaves keep-alive as it is where there is no socket", () => {
    const derived = derive({ costs: [costOf("file:local.db", 0.1)], idle: null });
    expect(derived.recommended).toMatchObject({
      keepAliveInterval: 30_000,
      staleThreshold: 60_000,
      pingTimeout: 5_000,
    });
    expect(because(derived, "keepAliveInterval")).toContain("no connection that could be lost for idling");
  });

  it("leaves no remote database with one connection only, which may be busy with a ping", () => {
    expect(derive({ size: sizeOf(1) }).recommended.maxConnections).toBe(2);
    const file = { costs: [costOf("file:local.db", 0.1)], idle: null, size: sizeOf(1) };
    expect(derive(file).recommended.maxConnections).toBe(1);
  });

  it("leaves the size as it is where there was no sweep", () => {
    expect(
      derive({ size: null }, planOf({ current: { maxConnections: 7 } })).recommended.maxConnections,
    ).toBe(7);
  });

  it("keeps what is used now where another run would differ by as much, and the limit still allows it", () => {
    const idle = idleOf(limitOf(6_900, 7_000));
    const { recommended: first } = derive({ idle });
    const again = (more: Partial<typeof first>, survived = 6_800) =>
      derive(
        { idle: idleOf(limitOf(survived, 7_000)), size: sizeOf(5) },
        planOf({ current: { ...first, ...more } }),
      ).recommended;
    expect(again({})).toEqual(first);
    expect(again({ maxConnections: 10 }).maxConnections).toBe(5);
    expect(again({ keepAliveInterval: 5_200 }, 5_900).keepAliveInterval).toBeLessThan(4_000);
  });

  it("derives nothing from nothing", () => {
    const nothing = { costs: [], idle: null, idleUnknown: "", size: null };
    expect(deriveSettings(planOf(), nothing)).toBeUndefined();
  });
});
