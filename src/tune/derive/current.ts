import type { PoolSettings } from "../../bench/plan.js";
import { resolveConnectionPool, resolveKeepAlive } from "../../pool/config.js";

/** What is tuned of a pool, every value given. */
export type TunedSettings = Readonly<
  Required<
    Pick<
      PoolSettings,
      | "maxConnections"
      | "minConnections"
      | "keepAliveInterval"
      | "staleThreshold"
      | "pingTimeout"
      | "connectionTimeout"
      | "maxLifetime"
    >
  >
>;

/** These settings with the library's defaults for what they leave out. @throws {TursoPoolError} `INVALID_OPTION` */
export function currentSettings(given: PoolSettings): TunedSettings {
  const pool = resolveConnectionPool({ ...given, open: () => Promise.reject(new Error("opens nothing")) });
  const keepAlive = resolveKeepAlive(given);
  return {
    maxConnections: pool.maxConnections,
    minConnections: pool.minConnections,
    keepAliveInterval: keepAlive.keepAliveInterval,
    staleThreshold: keepAlive.staleThreshold,
    pingTimeout: keepAlive.pingTimeout,
    connectionTimeout: pool.connectionTimeout,
    maxLifetime: pool.maxLifetime,
  };
}
