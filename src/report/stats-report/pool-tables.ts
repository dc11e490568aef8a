import { formatDuration } from "../../core/duration.js";
import { printable } from "../../core/printable.js";
import type { PoolSnapshot } from "../../monitor/result.js";
import { count, duration, elapsed, NO_FIGURE } from "../format.js";
import type { Style } from "../style.js";
import { pairs, type Pair } from "./pairs.js";

/** What a pool counts and how it is configured, by the guide's names where it has some. */
export function poolTables(snapshot: PoolSnapshot, style: Style, columns: number): string[] {
  const closed = evictions(snapshot);
  return [
    pairs("Keep-alive statistics", keepAlive(snapshot), style, columns),
    pairs("Pool statistics", pool(snapshot), style, columns),
    pairs("Now", gauges(snapshot), style, columns),
    pairs("Configuration", configuration(snapshot), style, columns),
    closed.length === 0 ? "No connection was closed." : pairs("Connections closed", closed, style, columns),
  ];
}

/** In the order and by the names of the guide. */
function keepAlive({ statistics }: PoolSnapshot): Pair[] {
  return [
    ["Total connections created", count(statistics.total_connections_created)],
    ["Refreshed", count(statistics.total_connections_refreshed)],
    ["Stale detected", count(statistics.total_stale_detected)],
    ["Proactive pings", count(statistics.total_proactive_pings)],
    ["Ping failures", count(statistics.total_ping_failures)],
    ["Active", count(statistics.active_connections)],
  ];
}

/** The guide's first, then ours. */
function pool({ statistics }: PoolSnapshot): Pair[] {
  return [
    ["Pool created", count(statistics.total_created)],
    ["Health checks", count(statistics.total_health_checks_passed)],
    ["Active connections", count(statistics.active_connections)],
    ["Avg wait time", duration(statistics.avg_wait_time_ms)],
    ["Longest wait", duration(statistics.longest_wait_ms)],
    ["Most waiting at one time", count(statistics.peak_waiting)],
    ["Checkouts", count(statistics.total_checkouts)],
    ["Reuses", count(statistics.total_reuses)],
    ["Callers timed out waiting", count(statistics.total_timeouts)],
    ["Health checks failed", count(statistics.total_health_checks_failed)],
    ["Openings failed", count(statistics.total_open_failures)],
    ["Lost while idle", count(statistics.total_lost_while_idle)],
    ["Leaks suspected", count(statistics.total_leaks_suspected)],
    ["Avg time to open", duration(statistics.avg_open_time_ms)],
    ["Avg time saved per reuse", duration(statistics.avg_time_saved_per_reuse_ms)],
    ["Up for", elapsed(statistics.uptime_ms)],
  ];
}

function gauges({ statistics, sockets }: PoolSnapshot): Pair[] {
  return [
    ["active", count(statistics.active_connections)],
    ["idle", count(statistics.idle_connections)],
    ["opening or closing", count(statistics.pending_connections)],
    ["waiting callers", count(statistics.waiting)],
    ["sockets open", count(sockets?.open ?? null)],
    ["sockets opened in all", count(sockets?.opened ?? null)],
  ];
}

/** By the library's names. */
function configuration({ config }: PoolSnapshot): Pair[] {
  const time = (value: number | null): string => (value === null ? "no limit" : formatDuration(value));
  const onOff = (value: boolean): string => (value ? "on" : "off");
  const keepAlive = (value: number | null): string => (config.enable_keepalive ? time(value) : NO_FIGURE);
  return [
    ["minConnections", count(config.min_connections)],
    ["maxConnections", count(config.max_connections)],
    ["connectionTimeout", time(config.connection_timeout_ms)],
    ["maxWaiters", config.max_waiters === null ? "no limit" : count(config.max_waiters)],
    ["maxLifetime", time(config.max_lifetime_ms)],
    ["idleTimeout", time(config.idle_timeout_ms)],
    ["leakThreshold", time(config.leak_threshold_ms)],
    ["enablePooling", onOff(config.enable_pooling)],
    ["enableKeepalive", onOff(config.enable_keepalive)],
    ["enableProactivePing", onOff(config.enable_proactive_ping)],
    ["keepAliveInterval", keepAlive(config.keep_alive_interval_ms)],
    ["staleThreshold", keepAlive(config.stale_threshold_ms)],
    ["pingTimeout", keepAlive(config.ping_timeout_ms)],
    ["enableHealthCheck", onOff(config.enable_health_check)],
    ["healthCheckTimeout", time(config.health_check_timeout_ms)],
  ];
}

/** By reason; a newer application may have some that are not known here. */
function evictions({ evictions: reasons }: PoolSnapshot): Pair[] {
  return Object.entries(reasons)
    .filter(([, times]) => times > 0)
    .map(([reason, times]) => [printable(reason), count(times)]);
}
