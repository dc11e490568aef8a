import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";
import { describe, expect, it } from "vitest";
import { alertsOf } from "../../src/monitor/health.js";
import { liveHead, liveRows } from "../../src/report/live-table.js";
import { PLAIN } from "../../src/report/style.js";
import type { LookResult } from "../../src/watch/result.js";
import { snapshotWith } from "../support/snapshots.js";
import { lookResult } from "../support/stats-results.js";

const table = (looks: readonly LookResult[], style = PLAIN): string =>
  [...liveHead(style), ...looks.flatMap((look) => liveRows(look, style))].join("\n");

const rates = { checkouts_per_second: null, wait_p95_ms: null, use_p95_ms: null };
const unwell = snapshotWith({
  statistics: {
    ...{ active_connections: 10, waiting: 1_234, total_proactive_pings: 12_345, total_ping_failures: 999 },
    ...{ total_connections_refreshed: 123, total_connections_created: 300, total_lost_while_idle: 42 },
    median_idle_before_loss_ms: 5_000,
  },
});
const looks = [
  lookResult({ elapsed_ms: 0, rates }),
  lookResult(),
  lookResult({
    elapsed_ms: 14_000,
    ...{ rates, snapshot: null },
    error: { code: "UNREACHABLE", message: "http://localhost:9464: connection refused", hint: null },
  }),
  lookResult({ elapsed_ms: 16_000, rates, restarted: true }),
  lookResult({
    elapsed_ms: 123_456,
    rates: { checkouts_per_second: 12_345.6, wait_p95_ms: 4_321, use_p95_ms: 0.2345 },
    snapshot: unwell,
    alerts: alertsOf(unwell, { leakThreshold: 30_000 }),
  }),
];

describe("the table of looks", () => {
  it("is a row for each, within 80 columns; what was missed, and a restart, say so", () => {
    expect(table(looks)).toMatchInlineSnapshot(`
      "                 wait- sock- check-   P95    ms        ping     re-
      time active idle   ing   ets outs/s  wait   use pings fails freshed lost alerts
        0s      0    2     0     2      –     –     –    14     0       0    0      0
       12s      0    2     0     2     10  0.00  3.50    14     0       0    0      0
       14s http://localhost:9464: connection refused
       16s restarted: its counts began anew
       16s      0    2     0     2      –     –     –    14     0       0    0      0
      123s     10    0 1,234     – 12,346 4,321  0.23 12,345   999     123   42      3"
    `);
    for (const line of table(looks).split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  it("is the same in colour, which is for what is not well", () => {
    const coloured = table(looks, new Chalk({ level: 1 }));
    expect(stripVTControlCharacters(coloured)).toBe(table(looks));
    expect(
      table([lookResult()], new Chalk({ level: 1 }))
        .split("\n")
        .at(-1),
    ).toBe(table([lookResult()]).split("\n").at(-1));
    expect(coloured).toContain("\u001b[31m     3\u001b[39m");
  });
});
