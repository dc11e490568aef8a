import { describe, expect, test } from "vitest";
import { resolveServerConfig } from "../../../src/server/config.js";
import type { NetworkOptions } from "../../../src/server/network/config.js";
import { networkReport } from "../../../src/server/network/report.js";

describe("network options", () => {
  test("without any there is no network, with none in particular one without a delay", () => {
    expect(resolveServerConfig().network).toBeUndefined();
    expect(resolveServerConfig({ network: {} }).network).toEqual({
      rtt: 0,
      jitter: 0,
      bandwidthBytesPerSecond: undefined,
      idle: { kind: "keep" },
      seed: 1,
    });
  });

  test("survive the way to the child process", () => {
    const { network } = resolveServerConfig({ network: { rttMs: 20, idleTimeoutMs: 5_000 } });
    expect(JSON.parse(JSON.stringify(network))).toEqual(network);
  });

  test("the server's own idle limit is another one", () => {
    const config = resolveServerConfig({ idleTimeoutMs: 5_000, network: { idleTimeoutMs: 12_000 } });
    expect([config.idleTimeoutMs, config.network?.idle]).toEqual([5_000, { kind: "close", after: 12_000 }]);
  });

  test("results tell it with units, and what does not apply as null", () => {
    expect(networkReport({ rttMs: 20 })).toEqual({
      rtt_ms: 20,
      jitter_ms: 0,
      bandwidth_bytes_per_second: null,
      idle_timeout_ms: null,
      idle_drop: false,
    });
    expect(
      networkReport({
        rttMs: 20,
        jitterMs: 5,
        bandwidthBytesPerSecond: 1e6,
        idleTimeoutMs: 4_000,
        idleDrop: true,
      }),
    ).toEqual({
      rtt_ms: 20,
      jitter_ms: 5,
      bandwidth_bytes_per_second: 1e6,
      idle_timeout_ms: 4_000,
      idle_drop: true,
    });
  });

  test.each<[NetworkOptions, string]>([
    [{ rttMs: -1 }, "network.rttMs: -1 is not a number from 0 to 60000"],
    [{ rttMs: Number.NaN }, "network.rttMs: NaN is not"],
    [{ rttMs: 70_000 }, "network.rttMs: 70000 is not"],
    [{ rttMs: 20, jitterMs: 21 }, "network.jitterMs: 21 is not a number from 0 to network.rttMs (20)"],
    [{ bandwidthBytesPerSecond: 0 }, "network.bandwidthBytesPerSecond: 0 is not a number from 1 to"],
    [{ idleTimeoutMs: 0 }, "network.idleTimeoutMs: 0 is not a number from 1 to"],
    [{ idleDrop: true }, "network.idleDrop: true is not possible without network.idleTimeoutMs"],
    [{ seed: 1.5 }, "network.seed: 1.5 is not a whole number"],
  ])("%j is refused", (network, message) => {
    expect(() => resolveServerConfig({ network })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
    expect(() => resolveServerConfig({ network })).toThrow(message);
  });
});
