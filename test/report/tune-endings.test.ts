import { describe, expect, it } from "vitest";
import { PLAIN } from "../../src/report/style.js";
import { tuneReport } from "../../src/report/tune-report.js";
import type { TuneResult } from "../../src/tune/result.js";
import {
  diedResult,
  doNotPoolResult,
  fileResult,
  interruptedResult,
  keepResult,
  nothingFoundResult,
  tuneResult,
} from "../support/tune-results.js";

/** Its parts, by their first word. */
function parts(result: TuneResult): (heading: string) => string {
  const all = tuneReport(result, PLAIN, 80).split("\n\n");
  return (heading) => all.find((part) => part.startsWith(heading)) ?? `no ${heading}`;
}

describe("the ways in which tuning ends", () => {
  it("keep what you have: nothing is called recommended, and nothing is there to paste", () => {
    const text = tuneReport(keepResult(), PLAIN, 80);
    const part = parts(keepResult());
    expect(part("wss:")).toMatchInlineSnapshot(`
      "wss://localhost:34723 (embedded, WebSocket, 20 ms round trip, idle timeout 12 s)
      · took 113 s
      Workload high-frequency: 200/s in bursts of 20, pauses of 1 s, reads only. What
      counts: throughput, then P95. From the guide's high-frequency workload: interval
      10 s, stale after 30 s."
    `);
    expect(part("Keep")).toMatchInlineSnapshot(`
      "Keep what you have.
      - Nothing that counts measured better."
    `);
    expect(part("Proof")).toMatchInlineSnapshot(`
      "Proof · 64 s, 16 connections at most, 5,900 queries
      figure       current  tried  times better (95% interval)
      throughput*    196/s  196/s       1.00x (0.98x to 1.02x)  alike
      Tried, interval 8.5 s: kept 2 of 2 connections in 60 s without use.
      The guide's preset, interval 30 s: can't tell whether it keeps connections in
      21 s without use.
      1 round of each. * is what the workload is judged by.
      No operation failed."
    `);
    expect(part("The bill")).toMatchInlineSnapshot(`
      "The bill
      Keeping 2 connections alive takes 20,329 pings a day (--quota tells what share
      of your queries a day that is).
      Break-even can't be told. This workload makes 17,280,000 operations a day:
      whether pooling pays can't be told.
      Opening a connection for each operation would take more time than the pings do."
    `);
    expect(part("Nothing to paste")).toMatchInlineSnapshot(`
      "Nothing to paste
      What you have stays as it is; --json has the values that were tried."
    `);
    expect(text).not.toContain("recommended");
  });

  it("do not pool: says from which traffic pooling pays, and how to do without", () => {
    const part = parts(doNotPoolResult());
    expect(part("Do not")).toMatchInlineSnapshot(`
      "Do not pool: open a connection for each operation.
      - 1,440 operations a day are fewer than the 3,390 of break-even."
    `);
    expect(part("The bill")).toMatchInlineSnapshot(`
      "The bill
      Keeping 1 connection alive takes 10,165 pings a day, 2.03% of the 1,000,000
      queries a day that there may be.
      Break-even is at 3,390 operations a day. This workload makes 1,440 operations a
      day: pooling does not pay.
      1440 operations a day are fewer than the 3390 from which pings take less time
      than they save."
    `);
    const [, ...paste] = tuneReport(doNotPoolResult(), PLAIN, 80).split(/^To paste: /m);
    expect(paste.join("")).toMatchInlineSnapshot(`
      "TypeScript, without a pool

      import { ConnectionPool, connector } from "turso-pool";

      const pool = new ConnectionPool({
        open: connector({
          url: "https://db.example",
          authToken: process.env.TURSO_AUTH_TOKEN,
        }),
        // Every lease gets a new connection, which is closed on release.
        enablePooling: false,
      });

      the guide's Rust, without a pool

      use memory_storage_turso::TursoConfig;

      let mut config = TursoConfig::default();
      config.enable_pooling = false;
      config.enable_keepalive = false;"
    `);
  });

  it("interrupted: says so first, has what was found, and names what was not reached", () => {
    expect(tuneReport(interruptedResult(), PLAIN, 80)).toMatchInlineSnapshot(`
      "https://db.example (HTTP) · took 9.32 s · interrupted
      Workload high-frequency: 200/s in bursts of 20, pauses of 1 s, reads only. What
      counts: throughput, then P95. From the guide's high-frequency workload: interval
      10 s, stale after 30 s.

      What follows is what was found until then.
      Not proven: it was not measured to the end.
      - It was interrupted.

      Settings · now: the library's defaults
      None: it ended before there was anything to derive them from.

      Connecting and asking · 2.14 s, 1 connection at most, 1 query
      transport  opened    open              asked  statement
                         P50 ms   P95   max            P50 ms   P95   P99   max
      ws             20    61.2  66.9  70.4    200       20.4  21.7  24.2  31.8
      http           20    41.9  44.8  47.1    200       21.4  23.3  26.1  33.9
      http: the server announces a Keep-Alive timeout of 5 s.

      Idle limits · 7.1 s, 24 connections at most, 30 queries
      Cut short: it was interrupted.
      - The server's HTTP keep-alive: 5 s (4.8 s survived, 5.2 s not; closed). Seen in
        HTTP. Over HTTP a connection has to be pinged before.
      idle            limit   longest  shortest  how it  near it        probes
                             survived      lost   ended     kept  lost
      HTTP              5 s     4.8 s     5.2 s  closed        1     1       8
      WebSocket  can't tell         –         –       –        0     0       8
      WebSocket: interrupted after 6 s; all lived until then.

      Size
      Not reached: it was interrupted before.

      Proof
      Not reached: it was interrupted before.

      The bill
      Can't be told: no settings were derived.

      Nothing to paste
      No settings were derived."
    `);
  });

  it("the target died: says so, with the phase that it died in", () => {
    const part = parts(diedResult());
    expect(part("https:")).toContain("· ended early");
    expect(part("Ended")).toMatchInlineSnapshot(`
      "Ended early: https://db.example: connection refused.
      Is the server up? turso-pool ping --wait-ready waits for it.
      What follows is what was found until then.
      Not proven: it was not measured to the end.
      - The database went away."
    `);
    expect(part("Size")).toMatchInlineSnapshot(`
      "Size · 3.1 s, 4 connections at most, 210 queries
      Failed: the database does not answer any more.
      at once  per second  95% interval  P95 ms  95% interval
      1                48      46 to 51    21.4  20.3 to 22.5  ██████
      2                96     91 to 101    21.6  20.5 to 22.7  ████████████
      It ended after 2 connections: with more, operations failed.
      No knee until then.
      The Universal Scalability Law could not be fitted to these figures.
      This workload needs 6 connections: 200/s × 20ms = 4.1 busy (Little's law), 1.9
      more for a burst of 20; no more than the knee at 6."
    `);
    expect(part("Proof")).toMatchInlineSnapshot(`
      "Proof
      Skipped: there is no database to prove it on."
    `);
    expect(part("Nothing")).toMatchInlineSnapshot(`
      "Nothing to paste
      What was derived was not proven to be better than what you have."
    `);
  });

  it("a local file: has nothing that idles, and gets a pool that does not ping", () => {
    const part = parts(fileResult());
    expect(part("Idle")).toMatchInlineSnapshot(`
      "Idle limits
      Skipped: a local file has no connections that idle."
    `);
    expect(part("The bill")).toMatchInlineSnapshot(`
      "The bill
      A database of this machine needs no pings."
    `);
    expect(part("const pool")).toMatchInlineSnapshot(`
      "const pool = new ConnectionPool({
        open: connector({ url: "file:local.db" }),
        maxConnections: 1,
      });"
    `);
  });

  it("nothing found: that there is no limit is an answer", () => {
    const part = parts(nothingFoundResult());
    expect(part("Connecting")).toMatchInlineSnapshot(`
      "Connecting and asking · 2.14 s, 2 connections at most, 440 queries
      transport  opened    open              asked  statement
                         P50 ms   P95   max            P50 ms   P95   P99   max
      http           20    41.9  44.8  47.1    200       21.4  23.3  26.1  33.9
      http: the server announces no Keep-Alive timeout.
      ws: wss://db.example could not be used: the server answered the upgrade with
      404."
    `);
    expect(part("Idle")).toMatchInlineSnapshot(`
      "Idle limits · 34.2 s, 24 connections at most, 58 queries
      None found up to 90 s in HTTP, bare TCP: what idled that long survived.
      idle          limit   longest  shortest  how it  near it        probes
                           survived      lost   ended     kept  lost
      HTTP      over 90 s      90 s         –       –        3     0       8
      bare TCP  over 90 s      90 s         –       –        3     0       8"
    `);
  });

  it.each([
    [
      "ceiling",
      /^It went up to 16 connections, the most that it was to try\.\nNo knee with up to 16 at once\.$/m,
    ],
    ["refused", /^It ended after 16 connections: more were refused\.\nNo knee until then\.$/m],
    ["failures", /^It ended after 16 connections: with more, operations failed\.$/m],
    ["budget", /^It ended after 16 connections: its time was up\.$/m],
    ["interrupted", /^It ended after 16 connections: it was interrupted\.$/m],
  ] as const)("a sweep that ended by %s says so", (ended_by, said) => {
    const { size } = tuneResult();
    const knee = { ...size?.fit, knee: null, knee_interval_95: null };
    const result = tuneResult({ size: { ...size, ended_by, knee: null, fit: knee } as TuneResult["size"] });
    expect(parts(result)("Size")).toMatch(said);
    expect(parts(result)("Size")).toContain("its knee is\nbeyond what was tried.");
  });

  it("an own workload is called that, with its writes", () => {
    const { profile } = tuneResult();
    const own = { ...profile, name: "own", writes: 0.1, gap_ms: 0, operations_per_second: 0.5 } as const;
    expect(parts(tuneResult({ profile: own }))("https:")).toMatch(
      /^Your own workload: 30\/min in bursts of 20, no pauses, 10% writes\. What/m,
    );
  });

  it("what did not get its figures is not left out", () => {
    const part = parts(tuneResult({ cost: [], idle: null, size: null, proof: null, phases: [] }));
    for (const heading of ["Connecting", "Idle", "Size", "Proof"]) {
      expect(part(heading)).toMatch(/\nNot reached\.$/);
    }
  });
});
