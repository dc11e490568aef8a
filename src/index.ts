/**
 * turso-pool: a keep-alive connection pool for libSQL and Turso.
 *
 * @packageDocumentation
 */
export { LibsqlBatchError, LibsqlError } from "@libsql/core/api";
export { TursoPoolError, type ErrorCode } from "./core/errors.js";
export type { Clock, Timer } from "./core/clock.js";
export type { Milliseconds } from "./core/duration.js";
export type { Connect, Connection } from "./libsql/connection.js";
export { connector, type ConnectorOptions } from "./libsql/connector.js";
export type { Handshake } from "./libsql/handshake.js";
export type { ConnectionOptions, LibsqlConnection } from "./libsql/libsql-connection.js";
export type { TokenProvider } from "./libsql/token-source.js";
export {
  SocketObserver,
  type ObservedSocket,
  type SocketGroup,
  type SocketListener,
} from "./libsql/socket-observer.js";
export { alertsOf, type HealthOptions } from "./monitor/health.js";
export { toPrometheus } from "./monitor/openmetrics.js";
export type { Alert, AlertRule, AlertSetting, PoolSnapshot, SocketCounts } from "./monitor/result.js";
export {
  serveStatistics,
  type ServeStatisticsOptions,
  type StatisticsServer,
} from "./monitor/serve-statistics.js";
export { snapshotOf, type AnyPool, type SnapshotOptions } from "./monitor/snapshot.js";
export { PooledClientError, type Outcome } from "./pool/client/client-error.js";
export { createPool } from "./pool/client/create-pool.js";
export type { CallOptions, PooledClientOptions } from "./pool/client/options.js";
export { PooledClient } from "./pool/client/pooled-client.js";
export type { PooledTransaction } from "./pool/client/pooled-transaction.js";
export type {
  AcquireOptions,
  CloseOptions,
  ConnectionPoolConfig,
  ConnectionPoolOptions,
  KeepAliveConfig,
  KeepAliveOptions,
  KeepAlivePoolOptions,
} from "./pool/config.js";
export { ConnectionPool } from "./pool/connection-pool.js";
export type { EvictionReason } from "./pool/entry.js";
export type { PoolEventListener, PoolEventName, PoolEvents } from "./pool/events.js";
export { KeepAlivePool } from "./pool/keep-alive-pool.js";
export { Lease } from "./pool/lease.js";
export { optionsFromEnvironment } from "./pool/options-from-environment.js";
export type { KeepAliveStatistics, PoolStatistics } from "./pool/statistics.js";
export type { TimeBucket, TimeDistribution } from "./pool/time-histogram.js";
