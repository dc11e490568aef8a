import { describe, expect, it } from "vitest";
import { realClock } from "../../src/core/clock.js";
import type { Connection } from "../../src/libsql/connection.js";
import { resolveConnectionPool, resolveKeepAlive } from "../../src/pool/config.js";

const open = (): Promise<Connection> => Promise.reject(new Error("not in this test"));
const pool = (options: Record<string, unknown>) => () => resolveConnectionPool({ open, ...options });
const keepAlive = (options: Record<string, unknown>) => () => resolveKeepAlive(options);

describe("the options of a connection pool", () => {
  it("have the documented defaults", () => {
    expect(resolveConnectionPool({ open })).toEqual({
      open,
      minConnections: 1,
      maxConnections: 10,
      connectionTimeout: 5_000,
      maxWaiters: Infinity,
      enableHealthCheck: true,
      healthCheckAge: 30_000,
      healthCheckTimeout: 2_000,
      maxLifetime: 1_800_000,
      idleTimeout: 600_000,
      leakThreshold: Infinity,
      name: "turso-pool",
      enablePooling: true,
      clock: realClock,
      random: Math.random,
    });
  });

  it("are frozen once resolved, and undefined means the default", () => {
    const config = pool({ maxConnections: undefined })();
    expect(config.maxConnections).toBe(10);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it("need an open function", () => {
    expect(pool({ open: "file:a.db" })).toThrow(
      'open: "file:a.db" is not a function that opens a connection',
    );
  });

  it.each([
    ["maxConnections", 0, "maxConnections: 0 is not a whole number from 1"],
    ["maxConnections", 2.5, "maxConnections: 2.5 is not a whole number from 1"],
    ["maxConnections", NaN, "maxConnections: NaN is not a whole number from 1"],
    ["maxConnections", "10", 'maxConnections: "10" is not a whole number from 1'],
    ["minConnections", -1, "minConnections: -1 is not a whole number from 0"],
    ["minConnections", 11, "minConnections: 11 is not at most maxConnections (10)"],
    ["maxWaiters", -1, "maxWaiters: -1 is not a whole number from 0"],
    ["maxWaiters", 1.5, "maxWaiters: 1.5 is not a whole number from 0"],
    ["connectionTimeout", 0, "connectionTimeout: 0 is not a number of milliseconds above 0"],
    ["connectionTimeout", "5s", 'connectionTimeout: "5s" is not a number of milliseconds above 0'],
    ["healthCheckAge", -5, "healthCheckAge: -5 is not a number of milliseconds above 0"],
    ["healthCheckTimeout", NaN, "healthCheckTimeout: NaN is not a number of milliseconds above 0"],
    ["maxLifetime", null, "maxLifetime: null is not a number of milliseconds above 0"],
    ["idleTimeout", 0, "idleTimeout: 0 is not a number of milliseconds above 0"],
    ["enablePooling", "no", 'enablePooling: "no" is not true or false'],
    ["enableHealthCheck", 1, "enableHealthCheck: 1 is not true or false"],
  ])("refuse %s %o and say what is allowed", (option, value, message) => {
    expect(pool({ [option]: value })).toThrow(expect.objectContaining({ code: "INVALID_OPTION", message }));
  });

  it.each([
    "maxWaiters",
    "connectionTimeout",
    "healthCheckAge",
    "healthCheckTimeout",
    "maxLifetime",
    "idleTimeout",
  ])("take Infinity to switch %s off", (option) => {
    expect(pool({ [option]: Infinity })).not.toThrow();
  });
});

describe("the options of keep-alive", () => {
  it("have the documented defaults", () => {
    expect(resolveKeepAlive({})).toEqual({
      enableKeepalive: true,
      keepAliveInterval: 30_000,
      staleThreshold: 60_000,
      enableProactivePing: true,
      pingTimeout: 5_000,
    });
  });

  it("are frozen once resolved, and undefined means the default", () => {
    const config = keepAlive({ pingTimeout: undefined })();
    expect(config.pingTimeout).toBe(5_000);
    expect(Object.isFrozen(config)).toBe(true);
  });

  it.each([
    ["keepAliveInterval", 0, "keepAliveInterval: 0 is not a number of milliseconds above 0"],
    ["staleThreshold", NaN, "staleThreshold: NaN is not a number of milliseconds above 0"],
    ["pingTimeout", -1, "pingTimeout: -1 is not a number of milliseconds above 0"],
    ["enableKeepalive", "yes", 'enableKeepalive: "yes" is not true or false'],
    ["enableProactivePing", 0, "enableProactivePing: 0 is not true or false"],
  ])("refuse %s %o and say what is allowed", (option, value, message) => {
    expect(keepAlive({ [option]: value })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION", message }),
    );
  });

  it("refuse an interval beyond the stale threshold", () => {
    expect(keepAlive({ keepAliveInterval: 2, staleThreshold: 1 })).toThrow(
      "keepAliveInterval: 2 is not at most staleThreshold (1), so that a connection is pinged before it goes stale",
    );
  });

  it("allow any interval when nothing is pinged", () => {
    const options = { keepAliveInterval: 2, staleThreshold: 1 };
    expect(() => resolveKeepAlive({ ...options, enableProactivePing: false })).not.toThrow();
    expect(() => resolveKeepAlive({ ...options, enableKeepalive: false })).not.toThrow();
  });

  it("refuse to do without the check at checkout that finds stale connections", () => {
    expect(keepAlive({ enableHealthCheck: false })).toThrow(
      "enableHealthCheck: false is not true, which enableKeepalive needs to refresh stale connections",
    );
    expect(keepAlive({ enableHealthCheck: false, enableKeepalive: false })).not.toThrow();
  });
});
