import { describe, expect, it } from "vitest";
import { optionsFromEnvironment, POOL_VARIABLES } from "../../src/pool/options-from-environment.js";

describe("a pool's options from the environment", () => {
  it("are whole numbers and durations with their unit, each of a variable of its own", () => {
    const env = {
      TURSO_POOL_MAX_CONNECTIONS: "8",
      TURSO_POOL_MIN_CONNECTIONS: "0",
      TURSO_POOL_KEEP_ALIVE_INTERVAL: "4500ms",
      TURSO_POOL_STALE_THRESHOLD: "9s",
      TURSO_POOL_PING_TIMEOUT: "250ms",
      TURSO_POOL_CONNECTION_TIMEOUT: "1.5s",
      TURSO_POOL_MAX_LIFETIME: "1h",
      TURSO_POOL_IDLE_TIMEOUT: "2m",
    };
    expect([...POOL_VARIABLES.values()].sort()).toEqual(Object.keys(env).sort());
    expect(optionsFromEnvironment(env)).toEqual({
      maxConnections: 8,
      minConnections: 0,
      keepAliveInterval: 4_500,
      staleThreshold: 9_000,
      pingTimeout: 250,
      connectionTimeout: 1_500,
      maxLifetime: 3_600_000,
      idleTimeout: 120_000,
    });
  });

  it("are only those that are set, and set to something", () => {
    const env = { TURSO_POOL_MAX_CONNECTIONS: "", TURSO_POOL_PING_TIMEOUT: undefined, PATH: "/bin" };
    expect(optionsFromEnvironment(env)).toEqual({});
  });

  it.each([
    ["TURSO_POOL_MAX_CONNECTIONS", "0", '"0" is not a whole number from 1'],
    ["TURSO_POOL_MAX_CONNECTIONS", "many", '"many" is not a whole number from 1'],
    ["TURSO_POOL_MIN_CONNECTIONS", "-1", '"-1" is not a whole number from 0'],
    ["TURSO_POOL_MIN_CONNECTIONS", "1.5", '"1.5" is not a whole number from 0'],
    ["TURSO_POOL_PING_TIMEOUT", "5", '"5" is not a duration with a unit: write 5ms or 5s'],
    ["TURSO_POOL_MAX_LIFETIME", "0s", '"0s" is not longer than nothing'],
  ])("refuse %s=%s by the variable's name", (variable, value, told) => {
    expect(() => optionsFromEnvironment({ [variable]: value })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message: `${variable}: ${told}` }) as Error,
    );
  });
});
