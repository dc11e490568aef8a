import { describe, expect, test } from "vitest";
import { resolveServerConfig, type ServerOptions } from "../../src/server/config.js";

describe("server options", () => {
  test("listen on loopback and a free port unless asked otherwise", () => {
    expect(resolveServerConfig()).toMatchObject({
      host: "127.0.0.1",
      port: 0,
      tls: "off",
      streamExpiryMs: 10_000,
      idleTimeoutMs: undefined,
    });
  });

  test("one limit can be set, the others keep their defaults", () => {
    const { limits } = resolveServerConfig({ limits: { maxStreams: 3, maxSockets: undefined } });
    expect(limits).toEqual({ ...resolveServerConfig().limits, maxStreams: 3 });
  });

  test.each<[ServerOptions, string]>([
    [{ port: 65_536 }, "port: 65536 is not a whole number from 0 to 65535"],
    [{ port: 1.5 }, "port: 1.5 is not a whole number"],
    [{ host: "" }, 'host: "" is not a non-empty string'],
    [{ streamExpiryMs: 0 }, "streamExpiryMs: 0 is not"],
    [{ idleTimeoutMs: Number.NaN }, "idleTimeoutMs: NaN is not"],
    [{ limits: { maxBodyBytes: -1 } }, "limits.maxBodyBytes: -1 is not"],
    [{ databaseFile: "" }, 'databaseFile: "" is not'],
    [{ tls: "on" as "off" }, 'tls: "on" is not "off", "self-signed" or { certFile, keyFile }'],
  ])("%j is refused", (options, message) => {
    expect(() => resolveServerConfig(options)).toThrow(expect.objectContaining({ code: "INVALID_OPTION" }));
    expect(() => resolveServerConfig(options)).toThrow(message);
  });
});
