import type { Milliseconds } from "../core/duration.js";
import type { Connection } from "../libsql/connection.js";
import { numeral, openMetricsText, type MetricFamily, type Sample } from "./openmetrics-text.js";
import type { DistributionResult, PoolFigures, PoolSnapshot } from "./result.js";
import { snapshotOf, type AnyPool, type SnapshotOptions } from "./snapshot.js";

/**
 * A pool's statistics, limits and distributions of times in OpenMetrics 1.0, as Prometheus and its kin read it. Every
 * sample has the label `pool`, which is the pool's name. Durations are in seconds; what has no limit is `+Inf`.
 *
 * There are no `_created` samples: the start of a pool is known on a monotonic clock only, and a time that seems to move
 * from one look to the next would say that the counters were reset.
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 */
export function toPrometheus<C extends Connection>(pool: AnyPool<C>, options?: SnapshotOptions): string {
  return openMetricsOf(snapshotOf(pool, options));
}

export function openMetricsOf(snapshot: PoolSnapshot): string {
  const families = [
    ...counters(snapshot),
    ...gauges(snapshot),
    ...limits(snapshot),
    histogram("wait_time", "What callers waited for a connection.", snapshot.wait_time),
    histogram("use_time", "How long callers held a connection.", snapshot.use_time),
    histogram("create_time", "What opening a connection took.", snapshot.create_time),
  ];
  return openMetricsText(families, { pool: snapshot.name });
}

/** All that a pool counts; `total_created` says the same as `total_connections_created`. */
type Counted = Exclude<Extract<keyof PoolFigures, `total_${string}`>, "total_created">;

const COUNTED: Readonly<Record<Counted, string>> = {
  total_connections_created: "Connections opened.",
  total_open_failures: "Attempts to open a connection that failed.",
  total_open_timeouts: "Attempts to open a connection that took too long.",
  total_checkouts: "Connections handed to callers.",
  total_reuses: "Checkouts of a connection that had been used before.",
  total_timeouts: "Callers whose wait for a connection timed out.",
  total_refused: "Callers that were turned away by maxWaiters.",
  total_health_checks_passed: "Health checks that were answered.",
  total_health_checks_failed: "Health checks that failed.",
  total_connections_refreshed: "Stale connections revalidated or replaced before a caller got them.",
  total_stale_detected: "Times that a connection was found stale.",
  total_proactive_pings: "Pings that the background task sent.",
  total_ping_failures: "Pings that failed or were not answered in time.",
  total_pings_on_another_transport: "Pings that were answered over another transport.",
  total_lost_while_idle: "Connections that were gone when nobody used them.",
  total_silent_while_idle: "Connections among those that did not answer in time.",
  total_leaks_suspected: "Leases held for longer than leakThreshold.",
};

function counters({ statistics, evictions, sockets }: PoolSnapshot): MetricFamily[] {
  const reasons = Object.entries(evictions).map(([reason, value]) => ({ labels: { reason }, value }));
  return [
    ...Object.entries(COUNTED).map(([name, help]) =>
      counter(name.slice("total_".length), help, [{ value: statistics[name as Counted] }]),
    ),
    counter("evictions", "Connections that the pool closed, by reason.", reasons),
    ...(sockets ? [counter("sockets_opened", "Sockets opened.", [{ value: sockets.opened }])] : []),
  ];
}

function gauges({ statistics: now, lease_ages_ms: ages, sockets }: PoolSnapshot): MetricFamily[] {
  const idleBeforeLoss = now.median_idle_before_loss_ms;

  return [
    gauge("connections", "Connections: with a caller, free, or being opened, probed or closed.", [
      { labels: { state: "active" }, value: now.active_connections },
      { labels: { state: "idle" }, value: now.idle_connections },
      { labels: { state: "pending" }, value: now.pending_connections },
    ]),
    gauge("waiting", "Callers waiting for a connection.", now.waiting),
    gauge("peak_waiting", "The most callers that have waited at one time.", now.peak_waiting),
    gauge("longest_wait_seconds", "The longest that a caller has waited.", seconds(now.longest_wait_ms)),
    gauge("oldest_lease_seconds", "How long the oldest lease has been held.", seconds(ages[0] ?? 0)),
    gauge("uptime_seconds", "How long ago the pool began.", seconds(now.uptime_ms)),
    ...(idleBeforeLoss === null
      ? []
      : [
          gauge(
            "idle_before_loss_seconds",
            "The median idling of lost connections.",
            seconds(idleBeforeLoss),
          ),
        ]),
    ...(sockets ? [gauge("sockets_open", "Sockets that are open.", sockets.open)] : []),
  ];
}

/** The options in force: `turso_pool_config_max_connections`, `turso_pool_config_idle_timeout_seconds`. */
function limits({ config }: PoolSnapshot): MetricFamily[] {
  return Object.entries(config).map(([option, value]: [string, number | boolean | null]) => {
    const limit = value === null ? Infinity : Number(value);
    const help = `The pool's option ${option}.`;
    return option.endsWith("_ms")
      ? gauge(`config_${option.replace(/_ms$/, "_seconds")}`, help, seconds(limit))
      : gauge(`config_${option}`, help, limit);
  });
}

/** Powers of two, at each of which a bucket of the distribution ends: 1/8 ms to 33 s. */
const BOUNDS: readonly Milliseconds[] = Array.from({ length: 19 }, (_, exponent) => 2 ** (exponent - 3));

function histogram(name: string, help: string, times: DistributionResult): MetricFamily {
  const upTo = (bound: Milliseconds): number =>
    times.buckets.reduce(
      (sum, { up_to_ms, count }) => sum + ((up_to_ms ?? Infinity) <= bound ? count : 0),
      0,
    );
  const samples = [
    ...[...BOUNDS, Infinity].map((bound) => ({
      suffix: "_bucket",
      labels: { le: numeral(seconds(bound)) },
      value: upTo(bound),
    })),
    { suffix: "_count", value: times.count },
    { suffix: "_sum", value: seconds(times.sum_ms) },
  ];
  return { name: `turso_pool_${name}_seconds`, type: "histogram", help, samples };
}

function counter(name: string, help: string, samples: readonly Sample[]): MetricFamily {
  const totals = samples.map((sample) => ({ ...sample, suffix: "_total" }));
  return { name: `turso_pool_${name}`, type: "counter", help, samples: totals };
}

function gauge(name: string, help: string, value: number | readonly Sample[]): MetricFamily {
  const samples = typeof value === "number" ? [{ value }] : value;
  return { name: `turso_pool_${name}`, type: "gauge", help, samples };
}

function seconds(duration: Milliseconds): number {
  return duration / 1_000;
}
