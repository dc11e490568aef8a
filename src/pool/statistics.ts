import type { Milliseconds } from "../core/duration.js";
import type { Evictions } from "./entry.js";
import type { ResourceCounts, TallyCounts } from "./tally.js";
import type { TimeDistribution } from "./time-histogram.js";

/** Counts of things that happened in a {@link ConnectionPool}, at one moment. Frozen. */
export interface PoolStatistics {
  /** How long ago the pool began. */
  readonly uptimeMs: Milliseconds;
  /** Connections opened since then. */
  readonly totalCreated: number;
  /** Attempts to open a connection that failed. */
  readonly totalOpenFailures: number;
  /** Attempts that took longer than `connectionTimeout`. */
  readonly totalOpenTimeouts: number;
  /** Connections handed to callers. */
  readonly totalCheckouts: number;
  /** Checkouts of a connection that had been used before. */
  readonly totalReuses: number;
  readonly totalHealthChecksPassed: number;
  readonly totalHealthChecksFailed: number;
  /** Callers whose wait for a connection ended with `ACQUIRE_TIMEOUT`. */
  readonly totalTimeouts: number;
  /** Callers that were turned away with `TOO_MANY_WAITERS`. */
  readonly totalRefused: number;
  /** Connections that were gone when nobody used them: closed by the other side, or dead when they were asked. */
  readonly totalLostWhileIdle: number;
  /** Those among them that did not answer in time when they were asked: dead, or slow. */
  readonly totalSilentWhileIdle: number;
  /**
   * How long the connections that were lost had idled: since they were opened, given back, or had answered a ping. The
   * median, as one restart of a server takes them at any time; `null` before the first.
   */
  readonly medianIdleBeforeLossMs: Milliseconds | null;
  /** Leases that were found held for longer than `leakThreshold`; 0 when there is none. */
  readonly totalLeaksSuspected: number;
  /** Connections that the pool closed, by reason. */
  readonly evictions: Readonly<Evictions>;
  /** Connections that callers hold now. */
  readonly activeConnections: number;
  readonly idleConnections: number;
  /** Connections being opened, probed or closed now. */
  readonly pendingConnections: number;
  /** Callers waiting now. */
  readonly waiting: number;
  /** The most callers that have waited at one time. */
  readonly peakWaiting: number;
  /** How long each connection that a caller holds now has been held, the longest first. */
  readonly leaseAgesMs: readonly Milliseconds[];
  /** Mean wait of all checkouts, immediate ones included; 0 before the first. */
  readonly avgWaitTimeMs: Milliseconds;
  readonly longestWaitMs: Milliseconds;
  /** Mean time that opening a connection took; `null` before the first. */
  readonly avgOpenTimeMs: Milliseconds | null;
  /** What a reuse saved on average: opening a connection less the wait for it; `null` before the first reuse. */
  readonly avgTimeSavedPerReuseMs: Milliseconds | null;
  /** What callers waited for a connection, immediate ones included. */
  readonly waitTime: TimeDistribution;
  /** How long callers held a connection until they gave it back; one that the pool's closing took away is not in it. */
  readonly useTime: TimeDistribution;
  /** What opening a connection took. */
  readonly createTime: TimeDistribution;
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
  /** Pings that were answered over another transport than the connection had before: not one that was kept alive. */
  readonly totalPingsOnAnotherTransport: number;
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
  readonly pingsOnAnotherTransport: number;
}

const mean = (total: number, count: number): number | null => (count === 0 ? null : total / count);

/** What the pool knows beside the counts. */
export interface PoolCircumstances {
  readonly uptime: Milliseconds;
  readonly health: HealthCheckCounts;
  readonly leaksSuspected: number;
  readonly leaseAges: readonly Milliseconds[];
}

export function poolStatistics(
  counts: ResourceCounts,
  tally: TallyCounts,
  { uptime, health, leaksSuspected, leaseAges }: PoolCircumstances,
): PoolStatistics {
  const { inventory, opener, queue } = counts;
  const { times, failures, pending } = opener;
  const avgOpen = mean(times.sum, times.count);
  const waitTime = tally.waits.snapshot(tally.immediate);
  const reuses = waitTime.count - tally.firstUses;
  const avgReuseWait = mean(waitTime.sumMs - tally.firstUseWait, reuses);
  return Object.freeze({
    uptimeMs: uptime,
    totalCreated: times.count,
    totalOpenFailures: failures,
    totalOpenTimeouts: opener.timeouts,
    totalCheckouts: waitTime.count,
    totalReuses: reuses,
    totalHealthChecksPassed: health.passed,
    totalHealthChecksFailed: health.failed,
    totalTimeouts: queue.timeouts,
    totalRefused: tally.refusals,
    totalLostWhileIdle: tally.lostWhileIdle,
    totalSilentWhileIdle: tally.silentWhileIdle,
    medianIdleBeforeLossMs: tally.idleBeforeLoss.snapshot().p50Ms,
    totalLeaksSuspected: leaksSuspected,
    evictions: Object.freeze({ ...tally.evictions }),
    activeConnections: inventory.leased,
    idleConnections: inventory.idle.length,
    pendingConnections: pending + inventory.size - inventory.leased - inventory.idle.length,
    waiting: queue.length,
    peakWaiting: queue.peak,
    leaseAgesMs: Object.freeze(leaseAges),
    avgWaitTimeMs: mean(waitTime.sumMs, waitTime.count) ?? 0,
    longestWaitMs: queue.longestWait,
    avgOpenTimeMs: avgOpen,
    avgTimeSavedPerReuseMs: avgOpen === null || avgReuseWait === null ? null : avgOpen - avgReuseWait,
    waitTime,
    useTime: tally.uses.snapshot(),
    createTime: times.snapshot(),
  });
}

/** What of statistics are plain numbers (and the evictions, by reason): neither lists nor distributions. */
export type Figures<S extends PoolStatistics> = Omit<
  S,
  "leaseAgesMs" | "waitTime" | "useTime" | "createTime"
>;

const NOT_FIGURES = new Set(["leaseAgesMs", "waitTime", "useTime", "createTime"]);

export function figuresOf<S extends PoolStatistics>(statistics: S): Figures<S> {
  return Object.fromEntries(
    Object.entries(statistics).filter(([name]) => !NOT_FIGURES.has(name)),
  ) as unknown as Figures<S>;
}

export function keepAliveStatistics(pool: PoolStatistics, counts: KeepAliveCounts): KeepAliveStatistics {
  return Object.freeze({
    ...pool,
    totalConnectionsCreated: pool.totalCreated,
    totalConnectionsRefreshed: counts.refreshed,
    totalStaleDetected: counts.staleDetected,
    totalProactivePings: counts.pings,
    totalPingFailures: counts.pingFailures,
    totalPingsOnAnotherTransport: counts.pingsOnAnotherTransport,
  });
}
