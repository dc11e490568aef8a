import { describe, expect, test } from "vitest";
import { nameLimits } from "../../../src/tune/idle/name-limits.js";
import type { LayerName, LayerResult } from "../../../src/tune/result.js";

const SEARCHED = 60_000;

/** A layer with a limit there, or with none up to a minute. */
function layer(name: LayerName, limit: number | null): LayerResult {
  return {
    layer: name,
    outcome: limit === null ? "none" : "limit",
    kind: limit === null ? null : "closed",
    survived_ms: limit === null ? SEARCHED : limit * 0.97,
    lost_ms: limit,
    limit_ms: limit,
    survivals: 2,
    losses: limit === null ? 0 : 2,
    probes: 8,
    searched_up_to_ms: limit ?? SEARCHED,
    note: null,
  };
}

type Case = readonly [
  what: string,
  limits: Partial<Record<LayerName, number | null>>,
  named: readonly string[],
];

const CASES: readonly Case[] = [
  [
    "the same in all is the network's or the server's",
    { http: 7_000, ws: 7_010, tcp: 6_990 },
    ["network 6990 tcp,http,ws"],
  ],
  [
    "shorter over HTTP is its keep-alive",
    { http: 5_000, ws: 12_000, tcp: 12_050 },
    ["server 5000 http", "network 12000 ws,tcp"],
  ],
  [
    "so it is when HTTP is all there is",
    { http: 5_000, tcp: 12_000 },
    ["server 5000 http", "network 12000 tcp"],
  ],
  ["shorter over WebSocket is its own", { http: null, ws: 9_000, tcp: null }, ["websocket 9000 ws"]],
  [
    "shorter before the first request is the server's",
    { http: null, ws: null, tcp: 20_000 },
    ["server 20000 tcp"],
  ],
  [
    "of used connections only, it is the server's",
    { http: 8_000, ws: 8_000, tcp: null },
    ["server 8000 http,ws"],
  ],
  [
    "a WebSocket may be kept alive by the other side",
    { http: 8_000, ws: null, tcp: 8_000 },
    ["network 8000 http,tcp"],
  ],
  [
    "the client's pool and a stream have limits of their own",
    { client: 4_000, stream: 10_000, http: null, tcp: 10_000 },
    ["client 4000 client", "server 10000 tcp", "stream 10000 stream"],
  ],
  [
    "a client that is cut off by the network has no limit of its own",
    { client: 3_000, http: 3_000, tcp: 3_000 },
    ["network 3000 client,http,tcp"],
  ],
  [
    "a client that lets go by itself, shortly before the network would, has a limit of its own",
    { client: 4_000, http: 4_600, ws: 4_720, tcp: 4_610 },
    ["client 4000 client", "network 4600 http,tcp,ws"],
  ],
  ["no limit has no name", { http: null, ws: null, tcp: null, client: null }, []],
];

describe("whose a limit is", () => {
  test.each(CASES)("%s", (_, limits, expected) => {
    const layers = Object.entries(limits).map(([name, limit]) => layer(name as LayerName, limit));
    const named = nameLimits(layers);
    expect(named.map(({ whose, limit_ms: ms, layers: seen }) => `${whose} ${ms} ${seen.join()}`)).toEqual(
      expected,
    );
  });

  test("a client that closes its socket while the network forgets others silently has a limit of its own", () => {
    const silent = (["http", "ws", "tcp"] as const).map((name) => ({
      ...layer(name, 4_300),
      kind: "silent" as const,
    }));
    const named = nameLimits([layer("client", 4_200), ...silent]);
    expect(named.map(({ whose, limit_ms: ms, kind }) => `${whose} ${ms} ${kind}`)).toEqual([
      "client 4200 closed",
      "network 4300 silent",
    ]);
  });

  test("connections that are lost sooner for another reason are not said to be lost alike", () => {
    const [, network] = nameLimits([layer("http", 5_000), layer("ws", 12_000), layer("tcp", 12_000)]);
    expect(network?.meaning).toContain("other limits are shorter");
  });

  test("of layers that share a limit, one that survived nothing below it leaves nothing that is safe", () => {
    const [limit] = nameLimits([{ ...layer("http", 400), survived_ms: null }, layer("tcp", 900)]);
    expect(limit?.survived_ms).toBeNull();
  });

  test("what cannot be told is not claimed", () => {
    expect(nameLimits([layer("http", 7_000), layer("tcp", 7_000)])[0]?.name).toContain("or the server's");
    expect(nameLimits([layer("ws", 7_000)])[0]?.name).toBe("the server's for WebSockets, or the network's");
  });
});
