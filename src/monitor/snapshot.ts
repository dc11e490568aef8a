import { snakeCase } from "../core/snake-case.js";
import type { Connection } from "../libsql/connection.js";
import type { ConnectionPool } from "../pool/connection-pool.js";
import { KeepAlivePool } from "../pool/keep-alive-pool.js";
import { figuresOf, keepAliveStatistics } from "../pool/statistics.js";
import type { TimeDistribution } from "../pool/time-histogram.js";
import {
  SNAPSHOT_VERSION,
  type DistributionResult,
  type PoolConfigResult,
  type PoolSnapshot,
  type SocketCounts,
} from "./result.js";

/** Either pool of this library. */
export type AnyPool<C extends Connection = Connection> = KeepAlivePool<C> | ConnectionPool<C>;

export interface SnapshotOptions {
  /** Counts the sockets of the pool's connections: the group that its `connector()` was given. */
  readonly sockets?: SocketCounts | undefined;
}

const NO_KEEP_ALIVE = {
  refreshed: 0,
  staleDetected: 0,
  pings: 0,
  pingFailures: 0,
  pingsOnAnotherTransport: 0,
};

/** A pool as it stands now. */
export function snapshotOf<C extends Connection>(
  pool: AnyPool<C>,
  { sockets }: SnapshotOptions = {},
): PoolSnapshot {
  const statistics =
    pool instanceof KeepAlivePool ? pool.statistics() : keepAliveStatistics(pool.statistics(), NO_KEEP_ALIVE);
  const { evictions, ...figures } = figuresOf(statistics);
  return {
    schema_version: SNAPSHOT_VERSION,
    name: poolBelow(pool).config.name,
    taken_at: new Date().toISOString(),
    config: configResult(pool),
    statistics: snakeCase(figures),
    evictions,
    lease_ages_ms: statistics.leaseAgesMs,
    wait_time: distributionResult(statistics.waitTime),
    use_time: distributionResult(statistics.useTime),
    create_time: distributionResult(statistics.createTime),
    sockets: sockets === undefined ? null : { opened: sockets.opened, open: sockets.open },
  };
}

function poolBelow<C extends Connection>(pool: AnyPool<C>): ConnectionPool<C> {
  return pool instanceof KeepAlivePool ? pool.pool : pool;
}

function configResult<C extends Connection>(pool: AnyPool<C>): PoolConfigResult {
  const { config } = poolBelow(pool);
  const keepAlive = pool instanceof KeepAlivePool ? pool.config : undefined;
  return {
    min_connections: config.minConnections,
    max_connections: config.maxConnections,
    connection_timeout_ms: limit(config.connectionTimeout),
    max_waiters: limit(config.maxWaiters),
    enable_pooling: config.enablePooling,
    enable_health_check: config.enableHealthCheck,
    health_check_timeout_ms: limit(config.healthCheckTimeout),
    max_lifetime_ms: limit(config.maxLifetime),
    idle_timeout_ms: limit(config.idleTimeout),
    leak_threshold_ms: limit(config.leakThreshold),
    enable_keepalive: keepAlive?.enableKeepalive ?? false,
    enable_proactive_ping: keepAlive?.enableProactivePing ?? false,
    keep_alive_interval_ms: limit(keepAlive?.keepAliveInterval ?? Infinity),
    stale_threshold_ms: limit(keepAlive?.staleThreshold ?? Infinity),
    ping_timeout_ms: limit(keepAlive?.pingTimeout ?? Infinity),
  };
}

function distributionResult({ buckets, ...figures }: TimeDistribution): DistributionResult {
  return {
    ...snakeCase(figures),
    buckets: buckets.map(({ upToMs, count }) => ({ up_to_ms: limit(upToMs), count })),
  };
}

/** JSON has no word for infinity. */
function limit(value: number): number | null {
  return value === Infinity ? null : value;
}
