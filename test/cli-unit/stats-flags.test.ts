import { Parser } from "@oclif/core";
import { describe, expect, it } from "vitest";
import { holdPlan, statsFlags } from "../../src/cli/stats-flags.js";

const plan = async (...argv: string[]) =>
  holdPlan((await Parser.parse(argv, { flags: statsFlags })).flags as Parameters<typeof holdPlan>[0]);

describe("the flags of stats", () => {
  it("ask for a light load of 30 s unless they say otherwise", async () => {
    expect(await plan()).toEqual({
      ...{ interval: 2_000, duration: 30_000, leakThreshold: 30_000, timeout: 5_000 },
      load: { perSecond: 10, concurrency: 4 },
      pool: { leakThreshold: 30_000, enableKeepalive: true, enableProactivePing: true },
    });
  });

  it("are the pool's options, by its names", async () => {
    const args = ["--idle", "--min-connections=3", "--connection-timeout=1s", "--leak-threshold=5s"];
    expect(await plan(...args, "--no-proactive-ping", "--stale-threshold=4s")).toMatchObject({
      load: null,
      pool: {
        ...{ minConnections: 3, connectionTimeout: 1_000, leakThreshold: 5_000, staleThreshold: 4_000 },
        ...{ enableKeepalive: true, enableProactivePing: false },
      },
    });
    expect((await plan("--no-keepalive")).pool).toMatchObject({ enableKeepalive: false });
  });
});
