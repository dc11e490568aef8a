import type { Milliseconds } from "../core/duration.js";
import type { Evictions } from "./entry.js";
import type { ResourceCounts } from "./tally.js";

/** Counts of things that happened in a {@link ConnectionPool}, at one moment. Frozen. */
export interface PoolStatistics {
  /** Connections opened since the pool began. */
  readonly totalCreated: number;
  /** Attempts to open a connection that failed. */
  readonly totalOpenFailures: number;
  /** Connections handed to callers. */
  readonly totalCheckouts: number;
  /** Checkouts of a connection that had been used before. */
  readonly totalReuses: number;
  readonly totalHealthChecksPassed: number;
  readonly totalHealthChecksFailed: number;
  /** Callers whose wait for a connection ended with `ACQUIRE_TIMEOUT`. */
  readonly totalTimeouts: number;
  /** Connections that the pool closed, by reason. */
  readonly evictions: Readonly<Evictions>;
  /** Connections that callers hold now. */
  readonly activeConnections: number;
  readonly idleConnections: number;
  /** Connections being opened, probed or closed now. */
  readonly pendingConnections: number;
  /** Callers waiting now. */
  readonly waiting: number;
  /** Mean wait of all checkouts, immediate ones included; 0 before the first. */
  readonly avgWaitTimeMs: Milliseconds;
  readonly longestWaitMs: Milliseconds;
  /** Mean time that opening a connection took; `null` before the first. */
  readonly avgOpenTimeMs: Milliseconds | null;
  /** What a reuse saved on average: opening a connection less the wait for it; `null` before the first reuse. */
  readonly avgTimeSavedPerReuseMs: Milliseconds | null;
}

/** The statistics of a {@link KeepAlivePool}: its own, and those of the pool below. Frozen. */
export interface KeepAliveStatistics extends PoolStatistics {
  /** Connections opened since the pool began: as many as the server accepted sockets. */
  readonly totalConnectionsCreated: number;
  /** Stale connections that were revalidated or replaced before a caller got them. */
  readonly totalConnectionsRefreshed: number;
  /** Times that a connection was found stale. */
  readonly totalStaleDetected: number;
  /** Pings that the background task sent. */
  readonly totalProactivePings: number;
  /** Pings that failed or were not answered in time. */
  readonly totalPingFailures: number;
}

export interface HealthCheckCounts {
  readonly passed: number;
  readonly failed: number;
}

export interface KeepAliveCounts {
  readonly refreshed: number;
  readonly staleDetected: number;
  readonly pings: number;
  readonly pingFailures: number;
}

const mean = (total: number, count: number): number | null => (count === 0 ? null : total / count);

export function poolStatistics(counts: ResourceCounts, health: HealthCheckCounts): PoolStatistics {
  const { inventory, opener, queue, tally } = counts;
  const avgOpen = mean(opener.totalTime, opener.opened);
  const avgReuseWait = mean(tally.reuseWait, tally.reuses);
  return Object.freeze({
    totalCreated: opener.opened,
    totalOpenFailures: opener.failures,
    totalCheckouts: tally.checkouts,
    totalReuses: tally.reuses,
    totalHealthChecksPassed: health.passed,
    totalHealthChecksFailed: health.failed,
    totalTimeouts: queue.timeouts,
    evictions: Object.freeze({ ...tally.evictions }),
    activeConnections: inventory.leased,
    idleConnections: inventory.idle.length,
    pendingConnections: opener.pending + inventory.size - inventory.leased - inventory.idle.length,
    waiting: queue.length,
    avgWaitTimeMs: mean(queue.totalWait, tally.checkouts) ?? 0,
    longestWaitMs: queue.longestWait,
    avgOpenTimeMs: avgOpen,
    avgTimeSavedPerReuseMs: avgOpen === null || avgReuseWait === null ? null : avgOpen - avgReuseWait,
  });
}

export function keepAliveStatistics(pool: PoolStatistics, counts: KeepAliveCounts): KeepAliveStatistics {
  return Object.freeze({
    ...pool,
    totalConnectionsCreated: pool.totalCreated,
    totalConnectionsRefreshed: counts.refreshed,
    totalStaleDetected: counts.staleDetected,
    totalProactivePings: counts.pings,
    totalPingFailures: counts.pingFailures,
  });
}
