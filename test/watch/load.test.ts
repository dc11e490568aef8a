import { describe, expect, it } from "vitest";
import { TursoPoolError } from "../../src/core/errors.js";
import { forgetAfter, hold, remedied, rulesOf } from "./held.js";

const LIGHT = { load: { perSecond: 10, concurrency: 4 }, duration: 30_000 };
const sum = (load: Awaited<ReturnType<typeof hold>>["load"]) =>
  load && load.operations + load.errors + load.timeouts + load.no_connection + load.never_started;

describe("a light load", () => {
  it("is as many operations as its rate says, each over a connection of the pool", async () => {
    const { load, snapshot, looks, keep_alive_holds } = await hold(LIGHT, (database) => {
      database.pings = { after: 5 };
    });
    expect(load).toMatchObject({ scheduled: 300, operations: 300, found_no_caller: 0, first_error: null });
    expect(snapshot.statistics).toMatchObject({ total_checkouts: 300, active_connections: 0 });
    expect(looks).toHaveLength(16);
    expect(looks.at(-1)?.rates).toEqual({ checkouts_per_second: 10, wait_p95_ms: 0, use_p95_ms: 5 });
    expect(keep_alive_holds).toBeNull();
  });

  it("counts apart what fails, what misses its deadline, and who gets no connection", async () => {
    const { load, snapshot } = await hold(
      { ...LIGHT, pool: { minConnections: 1, maxConnections: 1, connectionTimeout: 500 } },
      (database, clock) => {
        const error = new TursoPoolError("SQL_ERROR", "no\nsuch\u001b[31m table", { hint: "Look." });
        clock.schedule(10_000, () => (database.pings = { then: "fail", error }));
        clock.schedule(11_000, () => (database.pings = { then: "hang" }));
        clock.schedule(20_000, () => (database.pings = {}));
      },
    );
    expect(load?.errors).toBe(10);
    expect(load?.timeouts).toBeGreaterThanOrEqual(8);
    expect(load?.no_connection).toBeGreaterThan(5);
    expect(load?.operations).toBeGreaterThan(190);
    expect(sum(load)).toBe(load?.scheduled);
    expect(load?.first_error).toEqual({ code: "SQL_ERROR", message: "no such [31m table", hint: "Look." });
    // A late answer is nobody else's.
    expect(snapshot.evictions["destroyed-by-holder"]).toBe(load?.timeouts);
  });

  it("says why a connection could not be opened", async () => {
    const { load } = await hold({ ...LIGHT, duration: 1_000 }, (database) => {
      database.opens = { then: "fail", error: new TursoPoolError("UNREACHABLE", "ws://db: refused") };
    });
    expect(load?.errors).toBe(load?.scheduled);
    expect(load?.first_error).toMatchObject({ code: "UNREACHABLE", message: "ws://db: refused" });
  });

  it("begins late what finds all callers busy, and never what they had no time for", async () => {
    const { load } = await hold({ load: { perSecond: 10, concurrency: 1 }, duration: 10_000 }, (database) => {
      database.pings = { after: 200 };
    });
    expect(load).toMatchObject({ scheduled: 100, operations: 50, found_no_caller: 49, never_started: 50 });
  });

  it("ends early, with what was under way", async () => {
    const { load, duration_ms } = await hold(LIGHT, (database, clock, stop) => {
      database.pings = { after: 300 };
      clock.schedule(5_050, stop);
    });
    expect([duration_ms, load?.scheduled, load?.operations]).toEqual([5_050, 51, 51]);
  });
});

describe("each alert has a real cause, and its remedy, applied, clears it:", () => {
  it("pings that are answered later than the pool waits for them", async () => {
    const slow = (database: { pings: object }): void => void (database.pings = { after: 80 });
    const pool = { keepAliveInterval: 2_000, pingTimeout: 50 };
    const { alerts } = await hold({ pool }, slow);
    expect(rulesOf(alerts)).toContain("ping-failures");
    const again = await hold({ pool: { ...pool, ...remedied(alerts, "ping-failures") } }, slow);
    expect([again.alerts, again.keep_alive_holds]).toEqual([[], true]);
  });

  it("20 callers on a pool of 1", async () => {
    const busy = (database: { pings: object }): void => void (database.pings = { after: 20 });
    const plan = { load: { perSecond: 400, concurrency: 20 }, duration: 10_000 };
    const pool = { minConnections: 1, maxConnections: 1, connectionTimeout: 200 };
    const { alerts, load } = await hold({ ...plan, pool }, busy);
    expect(rulesOf(alerts)).toEqual(["pool-exhaustion"]);
    expect(load?.no_connection).toBeGreaterThan(100);
    const again = await hold({ ...plan, pool: { ...pool, ...remedied(alerts, "pool-exhaustion") } }, busy);
    expect([again.alerts, again.load?.no_connection]).toEqual([[], 0]);
  });

  it("gaps between callers that are longer than connections count as fresh", async () => {
    const plan = { load: { perSecond: 0.2, concurrency: 1 }, duration: 60_000 };
    const pool = { minConnections: 1, enableProactivePing: false, staleThreshold: 4_000 };
    const { alerts, snapshot } = await hold({ ...plan, pool });
    expect(rulesOf(alerts)).toEqual(["refresh-rate"]);
    expect(snapshot.statistics.total_connections_refreshed).toBeGreaterThan(5);
    const again = await hold({ ...plan, pool: { ...pool, ...remedied(alerts, "refresh-rate") } });
    expect(again.alerts).toEqual([]);
  });

  it("a middlebox that forgets connections, found out by the callers alone", async () => {
    const plan = { load: { perSecond: 0.15, concurrency: 1 }, duration: 24_000, timeout: 2_000 };
    const { alerts, load } = await hold({ ...plan, pool: {} }, forgetAfter(3_000));
    expect(load).toMatchObject({ operations: 1, timeouts: 3 });
    expect(rulesOf(alerts)).toEqual(["keep-alive-not-holding"]);
    const pool = remedied(alerts, "keep-alive-not-holding");
    const again = await hold({ ...plan, pool: { ...pool, keepAliveInterval: 1_500 } }, forgetAfter(3_000));
    expect([again.alerts, again.load?.timeouts]).toEqual([[], 0]);
  });

  it("a middlebox that forgets connections in such gaps", async () => {
    const plan = { load: { perSecond: 0.1, concurrency: 1 }, duration: 120_000 };
    const pool = { minConnections: 1, keepAliveInterval: 8_000, staleThreshold: 9_000 };
    const { alerts } = await hold({ ...plan, pool }, forgetAfter(5_000));
    expect(rulesOf(alerts)).toContain("keep-alive-not-holding");
    const remedy = remedied(alerts, "keep-alive-not-holding");
    const again = await hold({ ...plan, pool: { ...pool, ...remedy } }, forgetAfter(5_000));
    expect(again.alerts).toEqual([]);
  });
});
