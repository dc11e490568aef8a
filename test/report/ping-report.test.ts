import { stripVTControlCharacters } from "node:util";
import { Chalk } from "chalk";
import { describe, expect, it } from "vitest";
import { makeResult, pingLine } from "../../src/ping/make-result.js";
import type { PingResult, TargetResult } from "../../src/ping/result.js";
import { Tally } from "../../src/ping/tally.js";
import { pingReport } from "../../src/report/ping-report.js";
import { pingHeading, pingText, readyText } from "../../src/report/ping-report/ping-line.js";
import { PLAIN } from "../../src/report/style.js";
import { answered, failed, TARGET } from "../ping/fakes.js";

const SHOWN: TargetResult = {
  url: "wss://db.example",
  transport: "ws",
  tls: true,
  embedded: false,
  network: null,
};
const COLD = answered(85.3, {
  kind: "cold",
  phases: { dns: 0.41, tcp: 20.1, tls: 22.8, upgrade: 20.9, hello: 20.6, statement: 0.49 },
  serverTime: 0.3,
});
const FACTS = {
  tlsVersion: "TLSv1.3",
  alpn: "http/1.1",
  subprotocol: "hrana2",
  family: "IPv4",
  address: "127.0.0.1",
  certificateExpires: new Date("2030-01-02T03:04:05Z"),
  addressesTried: 1,
};

function resultOf(
  pings = [COLD, answered(20.6), answered(21.4)],
  change: Partial<PingResult> = {},
  shown = SHOWN,
): PingResult {
  const tally = new Tally();
  for (const ping of pings) tally.add(ping);
  const result = makeResult({
    ...{ target: TARGET, shown, tally },
    startedAt: new Date(0),
    interrupted: false,
    facts: tally.received > 0 ? FACTS : undefined,
    version: { version: "sqld 0.24.1", reason: null },
  });
  return { ...result, ...change };
}

const text = (ping: Parameters<typeof pingLine>[0], sequence = 1): string =>
  pingText(pingLine(ping, sequence), SHOWN, PLAIN, 80);

describe("a line per ping", () => {
  it("has the phases of a cold one, in 80 columns", () => {
    expect(text(COLD)).toBe("seq=1 cold 85.3 ms dns 0.41 tcp 20.1 tls 22.8 upgrade 20.9 hello 20.6 sql 0.49");
    expect(
      text(COLD, 12_345)
        .split("\n")
        .every((line) => line.length <= 80),
    ).toBe(true);
  });

  it("has the server's own time of a warm one, where it is known", () => {
    expect(text(answered(20.6, { serverTime: 0.05 }), 2)).toBe("seq=2 warm 20.6 ms server 0.05");
    expect(text(answered(20.6), 2)).toBe("seq=2 warm 20.6 ms");
  });

  it("says what a lost or refused one ran into; the heading said where", () => {
    expect(text(failed("UNREACHABLE", "wss://db.example: connection refused"), 3)).toBe(
      "seq=3 lost: connection refused",
    );
    expect(text(failed("SERVER_ERROR", "wss://db.example: no"))).toBe("seq=1 refused: no");
  });
});

it("the heading says which database, and what is between", () => {
  expect(pingHeading(SHOWN, PLAIN)).toBe("PING wss://db.example");
  const embedded = { ...SHOWN, url: "wss://localhost:4711", embedded: true, network: { rtt_ms: 20 } };
  expect(pingHeading(embedded, PLAIN, "10mbit per second each way")).toBe(
    "PING wss://localhost:4711 (embedded libSQL server, 10mbit per second each way)",
  );
});

it("what was waited for is said in a line", () => {
  const ready = { schema_version: 1, type: "ready", command: "ping", target: SHOWN } as const;
  expect(readyText({ ...ready, ready_after_ms: 3_012, tries: 13 })).toBe(
    "wss://db.example is ready after 3,012 ms (13 tries)",
  );
});

describe("the summary", () => {
  it("shows figures, waterfall, round trips and what was agreed on", () => {
    expect(pingReport(resultOf(), PLAIN, 80)).toMatchInlineSnapshot(`
      "3 sent, 3 received, 0 lost

      ms    pings   min   avg   P50  P95   max  stddev
      cold      1  85.3  85.3     –    –  85.3       –
      warm      2  20.6  21.0  20.6    –  21.4   0.566

      The cold connection, 85.3 ms:
      cold          ms  share
      dns        0.410   0.5%  █
      tcp         20.1    24%  ████████████
      tls         22.8    27%              ████████████
      upgrade     20.9    25%                          ████████████
      hello       20.6    24%                                      ████████████
      statement  0.490   0.6%                                                 █

      round trips        expected  measured  smallest ms
      tcp                       1      1.00         20.1
      tls                       1      1.13         22.8
      upgrade                   1      1.04         20.9
      hello + statement         1      1.03         21.1
      warm statement            1      1.02         20.6
      The smallest round trip seen was 20.1 ms, connecting TCP. No phase took a round
      trip too many.

      TLS 1.3 · ALPN http/1.1 · certificate good until 2030-01-02 · IPv4 127.0.0.1
      Hrana 2 (JSON over WebSocket) · server sqld 0.24.1"
    `);
  });

  it("counts what was lost and refused", () => {
    const result = resultOf([COLD, failed("UNREACHABLE"), failed("SERVER_ERROR"), answered(20)]);
    expect(pingReport(result, PLAIN, 80)).toMatch(/^4 sent, 2 received, 1 refused, 1 lost \(25%\)\n/);
  });

  it("never says that what was lost is nothing", () => {
    const result = resultOf(undefined, { sent: 10_000, lost: 1, lost_percent: 0.01 });
    expect(pingReport(result, PLAIN, 80)).toMatch(/1 lost \(0\.0100%\)/);
  });

  it("says of too many that were seen too seldom how to be sure", () => {
    const slow = (tls: number) =>
      answered(20, { kind: "cold", phases: { tcp: 10, tls, upgrade: 10, hello: 10, statement: 0.1 } });
    const once = pingReport(resultOf([slow(24.2)]), PLAIN, 200);
    expect(once).toContain("TLS took 2.4 round trips, seen once: --cold -c 5 tells whether it always does.");
    expect(once).not.toContain("No phase took");
    const often = pingReport(resultOf([slow(18), slow(18), slow(18)]), PLAIN, 200);
    expect(often).toContain("TLS took 1.8 round trips, no more than work at both ends explains.");
  });

  it("says that TCP is answered on the way", () => {
    const cold = answered(157, {
      kind: "cold",
      phases: { tcp: 0.3, tls: 52, upgrade: 52, hello: 52, statement: 0.1 },
    });
    const pings = [cold, ...[52, 52, 52].map((time) => answered(time))];
    const report = pingReport(resultOf(pings), PLAIN, 200);
    expect(report).toMatch(/^TCP is answered 52 ms nearer than the database: by a load balancer or tunnel/m);
    expect(report).toContain("No phase took a round trip too many.");
    // Nobody but our own network is there.
    expect(resultOf(pings, {}, { ...SHOWN, embedded: true }).round_trips.note).toBeNull();
  });

  it("of nothing is one line", () => {
    const nothing = resultOf([], { interrupted: true });
    expect(pingReport(nothing, PLAIN, 80)).toBe("0 sent, 0 received, 0 lost, interrupted");
    expect(pingReport(resultOf([failed("UNREACHABLE")]), PLAIN, 80)).toBe(
      "1 sent, 0 received, 1 lost (100%)",
    );
  });

  it("names an excess in a sentence of its own", () => {
    const slow = answered(108, {
      kind: "cold",
      phases: { tcp: 20, tls: 43, upgrade: 22, hello: 22, statement: 1 },
    });
    const result = resultOf([slow, slow, slow]);
    expect(pingReport(result, PLAIN, 80)).toMatch(/^TLS took 2\.1 round trips where TLS 1\.3 needs 1/m);
    expect(pingReport(result, PLAIN, 80)).not.toContain("No phase took");
  });

  it.each([80, 100])("has no line over %s columns, and is the same in colour", (columns) => {
    const far = answered(123_456, {
      kind: "cold",
      phases: { dns: 1_234, tcp: 12_345, tls: 12_345, upgrade: 12_345, hello: 12_345, statement: 72_842 },
    });
    const slow = resultOf([far, answered(12_345), answered(98_765)], {
      wire: { ...resultOf().wire, server_version: "a name that goes on ".repeat(6).trim() },
    });
    for (const result of [resultOf(), slow]) {
      const report = pingReport(result, PLAIN, columns);
      expect(report.split("\n").filter((line) => line.length > columns)).toEqual([]);
      expect(stripVTControlCharacters(pingReport(result, new Chalk({ level: 1 }), columns))).toBe(report);
    }
  });
});
