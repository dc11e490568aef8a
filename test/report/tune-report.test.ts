import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";
import { describe, expect, it } from "vitest";
import { PLAIN } from "../../src/report/style.js";
import { tuneReport } from "../../src/report/tune-report.js";
import type { TuneResult } from "../../src/tune/result.js";
import { EVERY_RESULT, tuneResult } from "../support/tune-results.js";

const every = Object.entries(EVERY_RESULT);
const report = (result: TuneResult, columns = 80): string => tuneReport(result, PLAIN, columns);
/** Code is not wrapped, so that it can be pasted. */
const prose = (text: string): string[] => text.split(/^To paste/m)[0]?.split("\n") ?? [];

describe("the report of tune", () => {
  it("says what to do, every setting with its reason, the evidence, the bill, and what to paste", () => {
    expect(report(tuneResult())).toMatchInlineSnapshot(`
      "https://db.example (HTTP) · took 113 s
      Workload high-frequency: 200/s in bursts of 20, pauses of 1 s, reads only. What
      counts: throughput, then P95. From the guide's high-frequency workload: interval
      10 s, stale after 30 s.

      Use the recommended settings.
      - P95 is 3.5x better (95% interval 3.2x to 3.8x).
      - It takes 6 connections instead of 10.

      Settings · now: the library's defaults
      setting               now  recommended  why
      maxConnections         10            6  4.08 busy on average, knee at 6; busy
                                              plus headroom for bursts
      minConnections          1            2  bursts of 20; the profile's, as an
                                              opening takes 61 ms
      keepAliveInterval    30 s        8.5 s  the middlebox forgets connections after
                                              12.1 s; shortest survived, less ping
                                              timeout, jitter and a quarter
      staleThreshold       60 s         11 s  the same limit; below the longest that
                                              was survived
      pingTimeout           5 s       250 ms  round trip: P99 24.2 ms; ten times the
                                              P99, at least 250 ms
      connectionTimeout     5 s       2.75 s  opening: max 70.4 ms; what opening may
                                              take, and a wait
      maxLifetime        30 min         same  nothing was closed for its age; the
                                              default
      transport            http           ws  ws 20.4 ms, http 21.4 ms; the cheaper
                                              one

      Connecting and asking · 2.14 s, 2 connections at most, 440 queries
      transport  opened    open              asked  statement
                         P50 ms   P95   max            P50 ms   P95   P99   max
      ws             20    61.2  66.9  70.4    200       20.4  21.7  24.2  31.8
      http           20    41.9  44.8  47.1    200       21.4  23.3  26.1  33.9
      http: the server announces a Keep-Alive timeout of 5 s.

      Idle limits · 34.2 s, 24 connections at most, 58 queries
      - The client's own socket pool: 4.01 s (3.8 s survived, 4.2 s not; closed). Seen
        in createClient(). A plain createClient() opens a new socket after a pause
        this long; a pool of ours does not.
      - The server's HTTP keep-alive: 5 s (4.8 s survived, 5.2 s not; closed). Seen in
        HTTP. Over HTTP a connection has to be pinged before.
      - A middlebox on the way: 12.1 s (11.8 s survived, 12.3 s not; no answer). Seen
        in WebSocket, bare TCP. Whatever the transport, a connection has to be pinged
        before.
      idle                 limit   longest  shortest     how it  near it        probes
                                  survived      lost      ended     kept  lost
      createClient()      4.01 s    3.81 s    4.21 s     closed        3     3       9
      HTTP                   5 s     4.8 s     5.2 s     closed        3     3      11
      WebSocket           12.1 s    11.9 s    12.3 s  no answer        3     3      14
      bare TCP            12.1 s    11.9 s    12.3 s  no answer        3     3      12
      Hrana stream    can't tell         –         –          –        0     0       0
      Hrana stream: the server has no transactions over HTTP.

      Size · 12.8 s, 16 connections at most, 3,120 queries
      at once   per second  95% interval  P95 ms  95% interval  failed
      1                 48      46 to 51    21.4  20.3 to 22.5       0  ███
      2                 96     91 to 101    21.6  20.5 to 22.7       0  ██████
      4                188    179 to 198    22.3  21.2 to 23.4       0  ███████████
      6 (knee)         202    192 to 212    29.8  28.3 to 31.3       0  ████████████
      8                196    186 to 206    44.2  42.0 to 46.4       0  ████████████
      16               189    180 to 199    91.4  86.8 to 96.0       3  ███████████
      It went up to 16 connections, which is past the knee.
      The knee is at 6: beyond it, latency grows faster than throughput.
      Universal Scalability Law: γ 49/s, α 0.0123, β 0.0417, R² 0.993; its knee is at
      6.04 (95% interval 5.31 to 6.87).
      This workload needs 6 connections: 200/s × 20ms = 4.1 busy (Little's law), 1.9
      more for a burst of 20; no more than the knee at 6.

      Proof · 64 s, 16 connections at most, 5,900 queries
      figure            current  recommended  times better (95% interval)
      throughput*         188/s        196/s       1.04x (1.02x to 1.07x)   better
      latency P95*      84.1 ms      24.2 ms          3.5x (3.2x to 3.8x)   better
      latency P50       21.4 ms      20.6 ms       1.04x (0.99x to 1.08x)  unclear
      after a gap P50         –      20.7 ms                            –  unclear
      connections held       10            6       1.67x (1.67x to 1.67x)   better
      The guide's preset, interval 30 s: lost 1 of 1 connection in 21 s without use.
      Current, interval 30 s: lost 1 of 2 connections in 21 s without use.
      Recommended, interval 8.5 s: kept 2 of 2 connections in 60 s without use.
      8 rounds of each, in turn. * is what the workload is judged by.
      –: too few operations to tell.
      Operations that failed: current 1, recommended 0.
      Each round lasted 4 s.

      The bill
      Keeping 2 connections alive takes 20,329 pings a day, 2.03% of the 1,000,000
      queries a day that there may be.
      Break-even is at 10,420 operations a day. This workload makes 17,280,000
      operations a day: pooling pays.
      Opening a connection for each operation would take more time than the pings do.

      Notes
      - The event loop was late by 2 ms at most.

      To paste: TypeScript

      import { KeepAlivePool, connector } from "turso-pool";

      const pool = new KeepAlivePool({
        open: connector({
          url: "wss://db.example",
          authToken: process.env.TURSO_AUTH_TOKEN,
        }),
        maxConnections: 6,
        minConnections: 2,
        keepAliveInterval: 8_500,
        staleThreshold: 11_000,
        pingTimeout: 250,
        connectionTimeout: 2_750,
        maxLifetime: 1_800_000,
      });

      To paste: turso-pool.config.json

      {
        "pool": {
          "maxConnections": 6,
          "minConnections": 2,
          "keepAliveInterval": "8500ms",
          "staleThreshold": "11s",
          "pingTimeout": "250ms",
          "connectionTimeout": "2750ms",
          "maxLifetime": "30m"
        }
      }

      To paste: environment, for turso-pool and optionsFromEnvironment()

      TURSO_POOL_MAX_CONNECTIONS=6
      TURSO_POOL_MIN_CONNECTIONS=2
      TURSO_POOL_KEEP_ALIVE_INTERVAL=8500ms
      TURSO_POOL_STALE_THRESHOLD=11s
      TURSO_POOL_PING_TIMEOUT=250ms
      TURSO_POOL_CONNECTION_TIMEOUT=2750ms
      TURSO_POOL_MAX_LIFETIME=30m

      To paste: the guide's Rust

      use memory_storage_turso::{KeepAliveConfig, PoolConfig, TursoConfig};
      use std::time::Duration;

      let mut config = TursoConfig::default();
      config.enable_pooling = true;
      config.enable_keepalive = true;
      // 8.5 s, rounded down to whole seconds
      config.keepalive_interval_secs = 8;
      config.stale_threshold_secs = 11;

      let pool_config = PoolConfig {
          max_connections: 6,
          connection_timeout: Duration::from_millis(2_750),
          enable_health_check: true,
          health_check_timeout: Duration::from_millis(250),
      };

      let keepalive_config = KeepAliveConfig {
          keep_alive_interval: Duration::from_millis(8_500),
          stale_threshold: Duration::from_millis(11_000),
          enable_proactive_ping: true,
          ping_timeout: Duration::from_millis(250),
      };

      // The guide's pool has no minConnections (2) and no maxLifetime (30 min)."
    `);
  });

  it("has the reason below each setting where there is no room beside it", () => {
    const [, , settings] = report(tuneResult(), 60).split("\n\n");
    expect(settings).toMatchInlineSnapshot(`
      "Settings · now: the library's defaults
      maxConnections: 10 → 6
        4.08 busy on average, knee at 6; busy plus headroom for
        bursts
      minConnections: 1 → 2
        bursts of 20; the profile's, as an opening takes 61 ms
      keepAliveInterval: 30 s → 8.5 s
        the middlebox forgets connections after 12.1 s; shortest
        survived, less ping timeout, jitter and a quarter
      staleThreshold: 60 s → 11 s
        the same limit; below the longest that was survived
      pingTimeout: 5 s → 250 ms
        round trip: P99 24.2 ms; ten times the P99, at least
        250 ms
      connectionTimeout: 5 s → 2.75 s
        opening: max 70.4 ms; what opening may take, and a wait
      maxLifetime: 30 min, the same
        nothing was closed for its age; the default
      transport: http → ws
        ws 20.4 ms, http 21.4 ms; the cheaper one"
    `);
  });

  it.each(every.flatMap(([name, make]) => [60, 80].map((columns) => [name, columns, make] as const)))(
    "%s: has no line of text over %i columns",
    (_, columns, make) => {
      const wide = prose(report(make(), columns)).filter((line) => line.length > columns);
      expect(wide).toEqual([]);
    },
  );

  it.each(every)("%s: leaves nothing blank, and knows one from many", (_, make) => {
    const text = report(make());
    expect(text).not.toMatch(/null|NaN|undefined|\[object|Infinity/);
    expect(text).not.toMatch(/\b1 (connections|queries|pings|rounds|operations)\b(?! (a|at) )/);
    expect(text).not.toMatch(/[ \t]$/m);
    expect(text).not.toMatch(/\n{3}/);
  });

  it.each(every.flatMap(([name, make]) => [60, 80].map((columns) => [name, columns, make] as const)))(
    "%s: is the same in colour, at %i columns",
    (_, columns, make) => {
      const coloured = tuneReport(make(), new Chalk({ level: 1 }), columns);
      expect(stripVTControlCharacters(coloured)).toBe(report(make(), columns));
      expect(stripVTControlCharacters(report(make(), columns))).toBe(report(make(), columns));
    },
  );
});
