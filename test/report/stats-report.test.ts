import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";
import { describe, expect, it } from "vitest";
import { alertsOf } from "../../src/monitor/health.js";
import { statsReport } from "../../src/report/stats-report.js";
import { PLAIN } from "../../src/report/style.js";
import type { StatsResult } from "../../src/watch/result.js";
import { snapshotWith, times } from "../support/snapshots.js";
import { LOAD, SOUND, statsResult } from "../support/stats-results.js";

const report = (result: StatsResult, columns = 80): string => statsReport(result, PLAIN, columns);

const lost = snapshotWith({
  config: { enable_proactive_ping: false, stale_threshold_ms: 4_000 },
  statistics: {
    ...{ total_created: 4, total_connections_created: 4, total_connections_refreshed: 2 },
    ...{ total_lost_while_idle: 2, median_idle_before_loss_ms: 12_040, total_timeouts: 7, peak_waiting: 9 },
  },
  evictions: { "health-check-failed": 2, "idle-timeout": 1_234 },
  lease_ages_ms: [95_000],
  sockets: { opened: 4, open: 2 },
});
const idle = statsResult({
  ...{ mode: "idle", load: null, duration_ms: 12_001, interrupted: true, keep_alive_holds: false },
  roll_call: { connections: 2, kept: 0, silent: 0, calls: 2, answered: 2 },
  snapshot: lost,
  alerts: alertsOf(lost, { leakThreshold: 30_000 }),
});
const attached = statsResult({
  ...{ mode: "attach", target: null, load: null },
  attached: { kind: "url", address: "http://localhost:9464", missed: 1, restarts: 2 },
  snapshot: { ...SOUND, name: "orders", sockets: null },
});

describe("the report on a pool", () => {
  it("has the guide's statistics by their names, the configuration, histograms, and alerts at the end", () => {
    expect(report(statsResult())).toMatchInlineSnapshot(`
      "wss://localhost:34723 (embedded) · 10/s by 4 callers · 30s

      Keep-alive statistics
      Total connections created            2   Proactive pings                     14
      Refreshed                            0   Ping failures                        0
      Stale detected                       0   Active                               0

      Pool statistics
      Pool created                         2   Callers timed out waiting            0
      Health checks                        0   Health checks failed                 0
      Active connections                   0   Openings failed                      0
      Avg wait time                 0.062 ms   Lost while idle                      0
      Longest wait                   12.4 ms   Leaks suspected                      0
      Most waiting at one time             2   Avg time to open               11.9 ms
      Checkouts                          300   Avg time saved per reuse       11.8 ms
      Reuses                             298   Up for                             30s

      Now
      active                               0   waiting callers                      0
      idle                                 2   sockets open                         2
      opening or closing                   0   sockets opened in all                2

      Configuration
      minConnections                       0   enableKeepalive                     on
      maxConnections                      10   enableProactivePing                 on
      connectionTimeout                   5s   keepAliveInterval                  30s
      maxWaiters                    no limit   staleThreshold                      1m
      maxLifetime                        30m   pingTimeout                         5s
      idleTimeout                        10m   enableHealthCheck                   on
      leakThreshold                 no limit   healthCheckTimeout                  2s
      enablePooling                       on

      No connection was closed.

      Wait time: P50 12.5 ms, P95 12.5 ms, P99 12.5 ms, max 12.5 ms
       up to 0.001 ms  297  ██████████████████████████████████████████████████████████
      2.00 to 4.00 ms    1  █
      8.00 to 16.0 ms    2  █

      Use time: P50 2.50 ms, P95 3.50 ms, P99 28.0 ms, max 28.0 ms
        up to 2.00 ms   12  ██
      2.00 to 4.00 ms  284  ██████████████████████████████████████████████████████████
      16.0 to 32.0 ms    4  █

      300 operations were due: 300 answered, 0 failed, 0 timed out, 0 got no
      connection.

      No alerts."
    `);
  });

  it("says whether keep-alive holds, why connections were closed, and what to do", () => {
    expect(report(idle).split("\n\n").slice(5).join("\n\n")).toMatchInlineSnapshot(`
      "Connections closed
      health-check-failed                  2   idle-timeout                     1,234

      Do connections last without pings? No: after 12s without callers, 0 of 2
      connections answered on the sockets that they had from the start; 4 sockets were
      opened in all.

      Alert: refresh-rate
        seen    2 refreshed of 4 connections created (50 %)
        rule    refreshed more than 10 % of the connections created
        remedy  switch enableProactivePing on, lower keepAliveInterval from 30s to 2s,
                unless it was a restart of the server that took them
        see     docs/alerts.md#refresh-rate

      Alert: pool-exhaustion
        seen    7 callers got no connection within 5s; at most 9 waited at one time
        rule    callers timed out waiting for a connection, or were turned away
        remedy  raise maxConnections from 10 to 19
        see     docs/alerts.md#pool-exhaustion

      Alert: suspected-leaks
        seen    1 connection held for longer than 30s, the longest for 95.0 s
        rule    a caller has held a connection for longer than 30s
        remedy  release each lease in a finally, or use pool.use() or \`using\`, which
                cannot forget it
        see     docs/alerts.md#suspected-leaks

      Alert: keep-alive-not-holding
        seen    2 of 4 connections were gone when nobody used them, at the median
                after 12.0 s of idling
        rule    a ping came back over another socket, or more than 10 % of the
                connections were lost while idle
        remedy  switch enableProactivePing on, lower keepAliveInterval from 30s to 2s,
                unless it was a restart of the server that took them
        see     docs/alerts.md#keep-alive-not-holding"
    `);
  });

  it.each([
    [
      true,
      { connections: 1, kept: 1, silent: 0, calls: 1, answered: 1 },
      /^Does keep-alive hold\? Yes: after 30s without callers, 1 of 1 connection answered on the socket that it had from the start; 2 sockets were opened in all\.$/m,
    ],
    [
      null,
      { connections: 0, kept: 0, silent: 0, calls: 1, answered: 1 },
      /^Does keep-alive hold\? There was no connection/m,
    ],
  ])("keep-alive holds: %s", (keep_alive_holds, roll_call, told) => {
    const result = statsResult({ mode: "idle", load: null, keep_alive_holds, roll_call });
    expect(report(result, 200)).toMatch(told);
  });

  it("tells of operations that did not go well", () => {
    const load = {
      ...LOAD,
      ...{ scheduled: 1_601, operations: 184, errors: 3, timeouts: 2, no_connection: 207 },
      ...{ never_started: 1_205, found_no_caller: 376 },
      first_error: { code: "ACQUIRE_TIMEOUT" as const, message: "no connection came free", hint: null },
    };
    expect(report(statsResult({ load }))).toContain(
      [
        "1,601 operations were due: 184 answered, 3 failed, 2 timed out, 207 got no",
        "connection, 1,205 never began.",
        "376 of them began late, as all callers were busy: --concurrency says how many",
        "there are.",
        "The first failure: no connection came free.",
      ].join("\n"),
    );
  });

  it("tells whose pool it is, of missed looks, and of restarts", () => {
    expect(report(attached)).toMatch(/^http:\/\/localhost:9464 · pool orders · 30s\n/);
    expect(report(attached)).toContain(
      "Its counts began anew 2 times: the application was restarted.\nIt did not answer once.\n",
    );
    const file = { kind: "file", address: "a.json", missed: 0, restarts: 0 } as const;
    expect(report({ ...attached, attached: file })).toMatch(
      /^a\.json · pool orders · as of 2026-01-02T03:04:05\.000Z\n/,
    );
  });

  it("shows long times apart, whatever lies between them", () => {
    const wait_time = { ...times([2 ** -10, 5], [1_000, 2], [null, 1]), max_ms: 5_000_000 };
    const shown = report(statsResult({ snapshot: { ...SOUND, wait_time } }), 60);
    expect(shown).toContain(
      [
        " up to 0.001 ms  5  ████████████████████████████████████████",
        "512 to 1,024 ms  2  ████████████████",
      ].join("\n"),
    );
  });

  it.each([80, 100, 120])("has no line over %i columns", (columns) => {
    for (const result of [statsResult(), idle, attached]) {
      const wide = report(result, columns)
        .split("\n")
        .filter((line) => line.length > columns);
      expect(wide).toEqual([]);
    }
  });

  it.each([40, 80])("is the same in colour, at %i columns", (columns) => {
    for (const result of [statsResult(), idle, attached]) {
      const coloured = statsReport(result, new Chalk({ level: 1 }), columns);
      expect(stripVTControlCharacters(coloured)).toBe(report(result, columns));
    }
  });
});
