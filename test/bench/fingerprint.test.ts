import { describe, expect, it } from "vitest";
import { sameHost, sameTarget } from "../../src/bench/fingerprint.js";
import type { Host, TargetResult } from "../../src/bench/result.js";

const host: Host = {
  node: "v20.18.0",
  platform: "linux",
  arch: "x64",
  cpus: 2,
  cpu_model: "A",
  memory_bytes: 8 * 2 ** 30,
  speed: 50,
};
const target: TargetResult = {
  url: "wss://db.example",
  transport: "ws",
  tls: true,
  embedded: false,
  network: null,
};
const network = {
  rtt_ms: 20,
  jitter_ms: 0,
  bandwidth_bytes_per_second: null,
  idle_timeout_ms: null,
  idle_drop: false,
};

describe("a host is the same", () => {
  it.each<Partial<Host>>([{ speed: 25 }, { node: "v20.20.2" }, { memory_bytes: 8 * 2 ** 30 * 0.995 }])(
    "with %j",
    (change) => {
      expect(sameHost(host, { ...host, ...change })).toBeNull();
    },
  );

  it.each<[Partial<Host>, string]>([
    [{ cpu_model: "B\u001b[31m\n" }, "cpu model A there, cpu model B [31m here"],
    [{ cpus: 1 }, "2 cpus there, 1 cpu here"],
    [{ arch: "arm64" }, "architecture x64 there, architecture arm64 here"],
    [{ platform: "darwin" }, "platform linux there, platform darwin here"],
    [{ memory_bytes: 16 * 2 ** 30 }, "8 GiB of memory there, 16 GiB of memory here"],
    [{ memory_bytes: 7.9 * 2 ** 30 }, "8 GiB of memory there, 7.9 GiB of memory here"],
    [{ node: "v22.1.0" }, "Node 20 there, Node 22 here"],
  ])("but not with %j", (change, words) => {
    expect(sameHost(host, { ...host, ...change })).toBe(words);
  });
});

describe("a target is the same", () => {
  const local: TargetResult = { ...target, embedded: true, url: "wss://localhost:40001", network };

  it.each<[TargetResult, Partial<TargetResult>]>([
    [target, {}],
    [target, { url: "wss://db.example:443/" }],
    [target, { url: "WSS://DB.example?authToken=***" }],
    [{ ...target, url: "libsql://db.example" }, { url: "https://db.example" }],
    [{ ...target, url: ":memory:", transport: "memory" }, {}],
    [local, { url: "wss://localhost:50002" }],
  ])("as %j with %j", (one, change) => {
    expect(sameTarget(one, { ...one, ...change })).toBeNull();
  });

  it.each<[TargetResult, Partial<TargetResult>, string]>([
    [target, { transport: "http" }, "transport ws there, transport http here"],
    [target, { tls: false }, "TLS there, no TLS here"],
    [target, { url: "wss://db.example:8443" }, "wss://db.example there, wss://db.example:8443 here"],
    [target, { url: "wss://db.example/other" }, "wss://db.example there, wss://db.example/other here"],
    [target, { network }, "no emulated network there, an emulated network here"],
    [local, { network: { ...network, rtt_ms: 40 } }, "network rtt_ms 20 there, network rtt_ms 40 here"],
    [
      { ...local, network: null },
      { embedded: false },
      "the embedded server there, wss://localhost:40001 here",
    ],
    [
      { ...target, url: "file:a.db", transport: "file" },
      { url: "file:b.db" },
      "file:a.db there, file:b.db here",
    ],
  ])("as %j but not with %j", (one, change, words) => {
    expect(sameTarget(one, { ...one, ...change })).toBe(words);
  });
});
