import { describe, expect, it } from "vitest";
import { forgetAfter, hold, remedied, rulesOf } from "./held.js";

const WITHOUT_PINGS = { enableProactivePing: false, staleThreshold: 4_000 };

describe("a pool that nobody uses, behind a middlebox that forgets connections after 5 s", () => {
  it("keeps every connection for 60 s when it pings every 2 s", async () => {
    const { roll_call, keep_alive_holds, alerts, snapshot, database } = await hold(
      { pool: { keepAliveInterval: 2_000 } },
      forgetAfter(5_000),
    );
    expect(roll_call).toEqual({ connections: 2, kept: 2, silent: 0, calls: 2, answered: 2 });
    expect([keep_alive_holds, alerts, snapshot.sockets]).toEqual([true, [], { opened: 2, open: 2 }]);
    expect(database.attempts).toBe(2);
    expect(snapshot.statistics.total_proactive_pings).toBeGreaterThanOrEqual(58);
  });

  it("loses them without pings: the roll call finds them stale, and the alerts' remedy keeps them", async () => {
    const { roll_call, keep_alive_holds, alerts, snapshot } = await hold(
      { pool: WITHOUT_PINGS },
      forgetAfter(5_000),
    );
    expect(roll_call).toEqual({ connections: 2, kept: 0, silent: 0, calls: 2, answered: 2 });
    expect([keep_alive_holds, snapshot.sockets]).toEqual([false, { opened: 4, open: 2 }]);
    expect(snapshot.statistics.total_connections_refreshed).toBe(2);
    expect(rulesOf(alerts)).toEqual(["refresh-rate", "keep-alive-not-holding"]);

    for (const rule of ["refresh-rate", "keep-alive-not-holding"] as const) {
      const again = await hold({ pool: { ...WITHOUT_PINGS, ...remedied(alerts, rule) } }, forgetAfter(5_000));
      expect([again.keep_alive_holds, again.alerts, again.snapshot.sockets?.opened]).toEqual([true, [], 2]);
    }
  });

  it("is found out where the pool takes them for sound: whoever uses one gets no answer", async () => {
    const { roll_call, alerts } = await hold(
      { duration: 20_000, pool: { enableProactivePing: false } },
      forgetAfter(5_000),
    );
    expect(roll_call).toEqual({ connections: 2, kept: 0, silent: 2, calls: 2, answered: 0 });
    expect(rulesOf(alerts)).toEqual(["keep-alive-not-holding"]);
    expect(alerts[0]?.seen).toContain("2 of 4 connections were gone");
  });
});

describe("the roll call", () => {
  it("counts a stale connection that answers, though its caller got another meanwhile", async () => {
    const { roll_call, keep_alive_holds } = await hold({ pool: WITHOUT_PINGS }, (database) => {
      // To open one takes less than to ask one.
      database.pings = { after: 50 };
    });
    expect(roll_call).toEqual({ connections: 2, kept: 2, silent: 0, calls: 2, answered: 2 });
    expect(keep_alive_holds).toBe(true);
  });

  it("expects no connection that the pool closed for its age", async () => {
    const { roll_call, keep_alive_holds, snapshot } = await hold({ pool: { maxLifetime: 40_000 } });
    expect(snapshot.evictions["max-lifetime"]).toBe(2);
    expect(roll_call).toEqual({ connections: 0, kept: 0, silent: 0, calls: 2, answered: 2 });
    expect(keep_alive_holds).toBeNull();
  });

  it("finds connections that the other side closed replaced, which is no keeping", async () => {
    const { roll_call, keep_alive_holds, alerts } = await hold({}, (database, clock) => {
      clock.schedule(10_000, () => database.connections[0]?.drop());
    });
    expect(roll_call).toMatchObject({ connections: 2, kept: 1, answered: 2 });
    expect([keep_alive_holds, rulesOf(alerts)]).toEqual([false, ["keep-alive-not-holding"]]);
  });

  it("is held after an interrupt too", async () => {
    const held = await hold({}, (_database, clock, stop) => clock.schedule(5_000, stop));
    expect([held.duration_ms, held.roll_call?.kept, held.keep_alive_holds]).toEqual([5_000, 2, null]);
  });
});
