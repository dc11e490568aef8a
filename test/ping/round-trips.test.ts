import { describe, expect, it } from "vitest";
import { countRoundTrips, type Observed } from "../../src/ping/round-trips.js";
import type { Least } from "../../src/ping/tally.js";

const seen = (time: number, of = 1): Least => ({ time, of });

type Seen = Omit<Observed, "firstWire" | "warmWire">;

/** What is seen of a server 20 ms away, with the work that a calm host needs. */
const FAR: Seen = {
  tcp: seen(20),
  tls: seen(22.8),
  upgrade: seen(20.9),
  first: seen(21.5),
  warm: seen(20.6, 4),
  transport: "ws",
  tlsVersion: "TLSv1.3",
  addressesTried: 1,
  firstServerTime: seen(0.1),
  warmServerTime: seen(0.1, 4),
};
/** The same over plain loopback. */
const NEAR: typeof FAR = {
  ...FAR,
  ...{ tcp: seen(0.15), tls: seen(2.6), upgrade: seen(1.8), first: seen(1.4), warm: seen(0.7, 4) },
};

/** With what the server says that it took taken off the statements. */
function less(observed: Seen): Observed {
  const wire = (all: Least | null, server: Least | null): Least | null =>
    all && { ...all, time: server !== null && server.time < all.time ? all.time - server.time : all.time };
  const { first, firstServerTime, warm, warmServerTime } = observed;
  return { ...observed, firstWire: wire(first, firstServerTime), warmWire: wire(warm, warmServerTime) };
}

/** Only what is too much, by phase. */
function excesses(observed: Seen): Record<string, string> {
  const { phases } = countRoundTrips(less(observed));
  return Object.fromEntries(
    phases.flatMap(({ phase, excess }) => (excess === null ? [] : [[phase, excess]])),
  );
}

it("counts every phase in smallest round trips, which TCP or a warm statement shows", () => {
  const { phases, ...rest } = countRoundTrips(less(FAR));
  expect(rest).toEqual({ smallest_ms: 20, smallest_in: "tcp", note: null, reason: null });
  expect(phases.map(({ phase, expected, measured }) => [phase, expected, measured])).toEqual([
    ["tcp", 1, 1],
    ["tls", 1, 22.8 / 20],
    ["upgrade", 1, 20.9 / 20],
    ["hello_and_statement", 1, 21.4 / 20],
    ["warm_statement", 1, 20.5 / 20],
  ]);
  expect(countRoundTrips(less({ ...FAR, tcp: seen(24) }))).toMatchObject({
    smallest_ms: 20.5,
    smallest_in: "warm_statement",
  });
});

it("of HTTP there is no upgrade, and one request instead of hello and statement", () => {
  const { phases } = countRoundTrips(less({ ...FAR, transport: "http", upgrade: null }));
  expect(phases.map(({ phase }) => phase)).toEqual(["tcp", "tls", "request", "warm_statement"]);
});

it("does not count in round trips that are too short, and says so", () => {
  const { phases, reason } = countRoundTrips(less(NEAR));
  expect(phases.map(({ measured }) => measured)).toEqual([null, null, null, null, null]);
  expect(reason).toBe("a round trip of 0.15 ms is too short to count in: work at both ends takes as long");
});

it("has nothing to count when nothing was seen", () => {
  const nothing = { tcp: null, tls: null, upgrade: null, first: null, warm: null };
  expect(countRoundTrips(less({ ...FAR, ...nothing }))).toMatchObject({ smallest_ms: null, phases: [] });
});

describe("claims no excess", () => {
  it.each<[string, typeof FAR]>([
    ["20 ms away", FAR],
    ["on plain loopback", NEAR],
    ["on a busy host, seen once", { ...NEAR, tls: seen(60), upgrade: seen(45), first: seen(90) }],
    ["20 ms away on a busy host, seen once", { ...FAR, tls: seen(48), upgrade: seen(41), first: seen(49) }],
    ["20 ms away on a busy host, seen often", { ...FAR, tls: seen(29, 5), warm: seen(29.5, 4) }],
    ["that is less than half a round trip", { ...FAR, tcp: seen(200), warm: seen(270, 4), tls: seen(290) }],
  ])("%s", (_, observed) => {
    expect(excesses(observed)).toEqual({});
  });
});

describe("TLS 1.2 is named, as the protocol itself says that it takes two round trips:", () => {
  const version = { tlsVersion: "TLSv1.2" };

  it("by what was measured", () => {
    expect(excesses({ ...FAR, ...version, tls: seen(43) }).tls).toBe(
      "TLS took 2 round trips where TLS 1.3 needs 1: the server speaks TLS 1.2 (a full handshake of TLS 1.2 needs 2, a resumed one 1: RFC 5246, section 7.3)",
    );
  });

  it("and where the wire is too short to count", () => {
    expect(excesses({ ...NEAR, ...version }).tls).toMatch(
      /^TLS needs 2 round trips where TLS 1.3 needs 1: the server speaks TLS 1.2 .*not counted here\)$/,
    );
  });
});

describe("TCP that is answered on the way", () => {
  /** A tunnel on this machine; the database is 52 ms away. */
  const TUNNEL: Seen = {
    ...FAR,
    ...{ tcp: seen(0.3), tls: seen(52.9), upgrade: seen(52.3), first: seen(52.5), warm: seen(52.1, 4) },
  };
  const tunnel = (change: Partial<Seen> = {}) => countRoundTrips(less({ ...TUNNEL, ...change }));

  it("is said once, and all else is counted in the round trip behind it", () => {
    const { phases, ...rest } = tunnel();
    expect(rest).toEqual({
      ...{ smallest_ms: 52, smallest_in: "warm_statement", reason: null },
      note: "TCP is answered 52 ms nearer than the database: by a load balancer or tunnel on the way",
    });
    expect(phases.map(({ measured }) => measured?.toFixed(1))).toEqual(["0.0", "1.0", "1.0", "1.0", "1.0"]);
    expect(excesses(TUNNEL)).toEqual({});
  });

  it("shows with cold pings only, too, when they are not too few", () => {
    const often = { tls: seen(53, 5), upgrade: seen(52.3, 5), first: seen(52.7, 5) };
    const cold = { ...often, warm: null, warmServerTime: null };
    expect(tunnel(cold)).toMatchObject({
      smallest_ms: 52.3,
      smallest_in: "upgrade",
      note: expect.stringContaining("nearer") as string,
    });
    expect(excesses({ ...TUNNEL, ...cold })).toEqual({});
  });

  it("does not hide TLS that takes two round trips, and why", () => {
    expect(excesses({ ...TUNNEL, tls: seen(104.5) })).toEqual({
      tls: expect.stringMatching(/^TLS took 2\.0 round trips .*HelloRetryRequest/) as string,
    });
    expect(excesses({ ...TUNNEL, tls: seen(104.5), tlsVersion: "TLSv1.2" })).toEqual({
      tls: expect.stringMatching(/^TLS took 2 round trips .*TLS 1\.2/) as string,
    });
  });

  it("is not told from a slow server where nothing but statements came back", () => {
    const http = { transport: "http", tls: null, upgrade: null } as const;
    expect(tunnel(http).note).toMatch(/tunnel on the way, or every statement takes the server that long$/);
  });

  it("is nothing to speak of on this machine, nor is an edge that does TLS itself", () => {
    expect(countRoundTrips(less(NEAR)).note).toBeNull();
    expect(countRoundTrips(less({ ...NEAR, warm: null, tls: seen(60), upgrade: seen(45) })).note).toBeNull();
    expect(tunnel({ tls: seen(2.6) })).toMatchObject({ smallest_in: "tcp", note: null });
  });
});

it("a slow first statement cannot be told from a slow database when no other was sent", () => {
  expect(excesses({ ...FAR, first: seen(72), warm: null }).hello_and_statement).toMatch(
    /: no statement was sent over an open connection, so it cannot be told apart$/,
  );
});

describe("names an excess with what is known of it:", () => {
  it.each<[string, Partial<typeof FAR>, string, RegExp]>([
    [
      "TLS 1.3 in two",
      { tls: seen(43, 3) },
      "tls",
      /^TLS took 2\.1 round trips where TLS 1\.3 needs 1 .*probably a HelloRetryRequest/,
    ],
    [
      "TCP after another address",
      { tcp: seen(271, 3), addressesTried: 2 },
      "tcp",
      /^TCP took 251 ms more than the smallest round trip: 2 addresses were tried/,
    ],
    ["TCP after a lost packet", { tcp: seen(1_020) }, "tcp", /probably a lost packet/],
    ["a slow upgrade", { upgrade: seen(80) }, "upgrade", /^the upgrade took 60 ms more than a round trip/],
    [
      "a slow statement",
      { warm: seen(120, 4), warmServerTime: seen(99, 4) },
      "warm_statement",
      /^a warm statement took 100 ms more than a round trip: the statement itself took the server 99 ms$/,
    ],
    [
      "a slow first statement",
      { first: seen(120), firstServerTime: seen(98) },
      "hello_and_statement",
      /the statement itself took the server 98 ms$/,
    ],
    [
      "a hop behind the edge",
      { warm: seen(70, 4), warmServerTime: null },
      "warm_statement",
      /^a warm statement took 50 ms more than TCP's round trip: the database is 50 ms behind what answers TCP$/,
    ],
    [
      "that hop, at the first statement",
      { warm: seen(70, 4), first: seen(72) },
      "hello_and_statement",
      /^hello and the first statement took 52 ms more than a round trip: 50 ms of it on every statement$/,
    ],
    [
      "a first statement that is slow for another reason",
      { first: seen(72) },
      "hello_and_statement",
      /cannot be seen into from here$/,
    ],
  ])("%s", (_, change, phase, sentence) => {
    expect(excesses({ ...FAR, ...change })).toEqual({
      [phase]: expect.stringMatching(sentence) as string,
      ...rest(change, phase),
    });
  });

  it("a database far behind an edge that is close, though round trips to the edge are too short to count", () => {
    const { phases } = countRoundTrips(
      less({ ...NEAR, tcp: seen(2), warm: seen(60, 4), warmServerTime: null }),
    );
    expect(phases.at(-1)).toMatchObject({
      measured: null,
      excess:
        "a warm statement took 58 ms more than TCP's round trip: the database is 58 ms behind what answers TCP",
    });
  });

  it("but a server time that cannot be is not believed", () => {
    const observed = { ...FAR, warm: seen(70, 4), warmServerTime: seen(4_000, 4) };
    expect(excesses(observed).warm_statement).toMatch(/the database is 50 ms behind what answers TCP$/);
  });
});

/** A hop behind the edge shows in every statement. */
function rest(change: Partial<typeof FAR>, phase: string): Record<string, unknown> {
  return phase !== "warm_statement" && change.warm !== undefined
    ? { warm_statement: expect.any(String) as string }
    : {};
}
