import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { alertsOf } from "../../src/monitor/health.js";
import { snapshotOf } from "../../src/monitor/snapshot.js";
import { connectionPool } from "../support/pool-fixture.js";
import { snapshotWith } from "../support/snapshots.js";

const alerts = (parts: Parameters<typeof snapshotWith>[0]) =>
  alertsOf(snapshotWith(parts), { leakThreshold: 30_000 });
const only = (parts: Parameters<typeof snapshotWith>[0]) => {
  const [alert, ...others] = alerts(parts);
  expect(others).toEqual([]);
  return alert;
};

describe("alerts", () => {
  it("are none for a pool that did nothing, nor for one at the very limits", () => {
    expect(alerts({})).toEqual([]);
    const statistics = {
      total_connections_created: 20,
      total_connections_refreshed: 2,
      total_proactive_pings: 100,
      total_ping_failures: 5,
      total_lost_while_idle: 2,
      median_idle_before_loss_ms: 5_000,
    };
    expect(alerts({ statistics, lease_ages_ms: [30_000] })).toEqual([]);
  });

  it("say what was seen, the rule, and a heading of the documentation that is there", () => {
    const every = alerts({
      statistics: {
        total_connections_created: 20,
        total_connections_refreshed: 3,
        total_proactive_pings: 100,
        total_ping_failures: 6,
        total_lost_while_idle: 3,
        median_idle_before_loss_ms: 5_000,
        total_timeouts: 1,
        peak_waiting: 4,
        total_created: 20,
      },
      lease_ages_ms: [95_040, 31_000, 5],
    });
    expect(every.map(({ rule, seen }) => [rule, seen])).toEqual([
      ["refresh-rate", "3 refreshed of 20 connections created (15 %)"],
      ["ping-failures", "6 of 100 pings failed (6 %)"],
      ["pool-exhaustion", "1 caller got no connection within 5s; at most 4 waited at one time"],
      ["suspected-leaks", "2 connections held for longer than 30s, the longest for 95.0 s"],
      [
        "keep-alive-not-holding",
        "3 of 20 connections were gone when nobody used them, at the median after 5.0 s of idling",
      ],
    ]);
    const headings = readFileSync(new URL("../../docs/alerts.md", import.meta.url), "utf8");
    for (const { rule, docs } of every) {
      expect(docs).toBe(`docs/alerts.md#${rule}`);
      expect(headings).toContain(`\n## ${rule}\n`);
    }
  });
});

describe("the remedy for many refreshes", () => {
  const statistics = { total_connections_created: 10, total_connections_refreshed: 2 };

  it("is a longer threshold, as in the guide", () => {
    expect(only({ statistics })).toMatchObject({
      remedy: "raise staleThreshold from 60s to 120s, or lower keepAliveInterval",
      settings: [{ option: "staleThreshold", from: 60_000, to: 120_000 }],
    });
  });

  it("is pinging, where there is none", () => {
    expect(
      only({ statistics, config: { enable_proactive_ping: false, stale_threshold_ms: 4_000 } }),
    ).toMatchObject({ remedy: "switch enableProactivePing on, lower keepAliveInterval from 30s to 2s" });
  });

  it("is pinging before connections are lost, where some were", () => {
    const lost = { ...statistics, total_lost_while_idle: 1, median_idle_before_loss_ms: 5_039 };
    expect(only({ statistics: lost })?.remedy).toBe(
      "lower keepAliveInterval from 30s to 2500ms, unless it was a restart of the server that took them",
    );
  });
});

describe("the remedy for failing pings", () => {
  const statistics = { total_proactive_pings: 10, total_ping_failures: 1 };

  it("is twice the time, as in the guide", () => {
    expect(only({ statistics })?.remedy).toBe(
      "check the network to the database, or raise pingTimeout from 5s to 10s",
    );
  });

  it("is twice what is usual on a slow network, where that is more", () => {
    const config = { ping_timeout_ms: 200 };
    expect(only({ statistics, config, create_time: { p95_ms: 1_203 } })?.settings).toEqual([
      { option: "pingTimeout", from: 200, to: 2_500 },
    ]);
    expect(only({ statistics, config, use_time: { p50_ms: 501 } })?.settings).toEqual([
      { option: "pingTimeout", from: 200, to: 1_100 },
    ]);
  });
});

describe("a connection that did not answer in time", () => {
  const statistics = {
    total_connections_created: 10,
    total_proactive_pings: 20,
    total_ping_failures: 9,
    total_lost_while_idle: 9,
    total_silent_while_idle: 9,
    median_idle_before_loss_ms: 27_000,
  };

  it("was dead, where the database is quick otherwise: ping sooner", () => {
    const found = alerts({ statistics, create_time: { p95_ms: 80 }, use_time: { p50_ms: 20 } });
    expect(found.map(({ rule, remedy }) => [rule, remedy])).toEqual([
      [
        "ping-failures",
        "lower keepAliveInterval from 30s to 13s, or, where the database only takes that long, raise pingTimeout from 5s to 10s",
      ],
      [
        "keep-alive-not-holding",
        "lower keepAliveInterval from 30s to 13s, and by half again for as long as connections are found dead",
      ],
    ]);
  });

  it("was slow, where that is usual here: grant it more time", () => {
    const use_time = { p50_ms: 6_000, count: 30, buckets: [{ up_to_ms: 5_888, count: 30 }] };
    const found = alerts({ statistics, use_time });
    expect(found.map(({ rule, remedy }) => [rule, remedy])).toEqual([
      ["ping-failures", "check the network to the database, or raise pingTimeout from 5s to 12s"],
    ]);
  });

  it("may have been asked by somebody with less patience", () => {
    const waited = { ...statistics, peak_waiting: 1 };
    const use_time = { p50_ms: 3_000, count: 30, buckets: [{ up_to_ms: 2_944, count: 30 }] };
    const [alert] = alerts({ statistics: waited, use_time });
    expect(alert?.settings).toEqual([
      { option: "pingTimeout", from: 5_000, to: 10_000 },
      { option: "healthCheckTimeout", from: 2_000, to: 10_000 },
    ]);
  });
});

describe("the remedy for an exhausted pool", () => {
  const statistics = { total_timeouts: 3, peak_waiting: 19, total_created: 1 };

  it("is as many connections as serve those who waited in time", () => {
    const config = { max_connections: 1, connection_timeout_ms: 200 };
    expect(only({ statistics, config, use_time: { count: 10, sum_ms: 200 } })?.remedy).toBe(
      "raise maxConnections from 1 to 4",
    );
    expect(only({ statistics, config, use_time: { count: 10, sum_ms: 20_000 } })?.remedy).toBe(
      "raise maxConnections from 1 to 20",
    );
  });

  it("is at least twice as many", () => {
    expect(only({ statistics })?.remedy).toBe("raise maxConnections from 10 to 20");
  });

  it("is more patience where opening takes long", () => {
    expect(only({ statistics, create_time: { p50_ms: 2_600, p95_ms: 5_500 } })?.settings).toEqual([
      { option: "connectionTimeout", from: 5_000, to: 11_000 },
    ]);
  });

  it("counts callers that were turned away", () => {
    const refused = { total_refused: 2, peak_waiting: 0, total_created: 1 };
    expect(only({ statistics: refused, config: { max_waiters: 0 } })).toMatchObject({
      seen: "2 callers turned away by maxWaiters; at most 0 waited at one time",
      remedy: "raise maxConnections from 10 to 11",
    });
  });

  it("is no setting in an outage", () => {
    const outage = { ...statistics, total_open_failures: 20 };
    expect(only({ statistics: outage })).toMatchObject({ settings: [] });
  });

  it("is no setting where no connection can be opened, or where all are held for ever", () => {
    expect(only({ statistics: { ...statistics, total_created: 0 } })?.remedy).toMatch(
      /^connections cannot be opened/,
    );
    const held = only({ statistics, config: { max_connections: 2 }, lease_ages_ms: [9_000, 8_000] });
    expect(held).toMatchObject({ rule: "pool-exhaustion", settings: [] });
    expect(held?.remedy).toMatch(/^every connection is held/);
  });
});

describe("the remedy for a keep-alive that does not hold", () => {
  it("is none of the settings where connections are lost at once", () => {
    const statistics = {
      total_connections_created: 4,
      total_lost_while_idle: 3,
      median_idle_before_loss_ms: 12,
    };
    expect(only({ statistics })).toMatchObject({
      settings: [],
      remedy: expect.stringMatching(/restarted/) as string,
    });
  });

  it("is another open function where pings come back over another socket", () => {
    const statistics = { total_pings_on_another_transport: 1 };
    expect(only({ statistics })).toMatchObject({
      seen: "1 ping came back over another socket",
      settings: [],
      remedy: expect.stringContaining("connector()") as string,
    });
  });

  it("switches keep-alive on where it is off, at an interval that goes with the threshold", () => {
    const statistics = {
      total_connections_created: 2,
      total_lost_while_idle: 1,
      median_idle_before_loss_ms: 200_000,
    };
    const config = { enable_keepalive: false, enable_health_check: false, stale_threshold_ms: 20_000 };
    expect(only({ statistics, config })?.remedy).toBe(
      "switch enableKeepalive on, switch enableHealthCheck on, lower keepAliveInterval from 30s to 10s, unless it was a restart of the server that took them",
    );
  });

  it("is a KeepAlivePool for a plain pool", () => {
    const statistics = {
      total_connections_created: 2,
      total_lost_while_idle: 1,
      median_idle_before_loss_ms: 20_900,
    };
    const { config } = snapshotOf(connectionPool().pool);
    expect(only({ statistics, config })).toMatchObject({
      remedy: "use a KeepAlivePool with a keepAliveInterval of 10s",
      settings: [],
    });
  });
});
