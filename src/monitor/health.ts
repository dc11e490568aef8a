import type { Milliseconds } from "../core/duration.js";
import { formatDuration } from "../core/duration.js";
import {
  keepAliveRemedy,
  leakRemedy,
  pingRemedy,
  refreshRemedy,
  exhaustionRemedy,
  type Remedy,
} from "./remedies.js";
import type { Alert, AlertRule, PoolSnapshot } from "./result.js";

export interface HealthOptions {
  /** A connection that a caller holds for longer may have been forgotten. */
  readonly leakThreshold: Milliseconds;
}

/** The guide's rules: more than these shares are too many. */
const MOST_REFRESHED = 0.1;
const MOST_PINGS_FAILED = 0.05;
/** Ours: a pool whose idle connections go like this does not keep them alive. */
const MOST_LOST = 0.1;

/** What was seen, when it broke a rule. */
type Finding = Omit<Alert, "rule" | "docs" | keyof Remedy> & { readonly remedy: Remedy };
type Check = (snapshot: PoolSnapshot, options: HealthOptions) => Finding | undefined;

const CHECKS: Readonly<Record<AlertRule, Check>> = {
  "refresh-rate": (snapshot) => {
    const { total_connections_refreshed: refreshed, total_connections_created: created } =
      snapshot.statistics;
    if (refreshed <= created * MOST_REFRESHED) return undefined;
    return {
      seen: `${refreshed} refreshed of ${connections(created)} created (${percent(refreshed, created)})`,
      limit: "refreshed more than 10 % of the connections created",
      remedy: refreshRemedy(snapshot),
    };
  },

  "ping-failures": (snapshot) => {
    const { total_ping_failures: failed, total_proactive_pings: pings } = snapshot.statistics;
    if (failed <= pings * MOST_PINGS_FAILED) return undefined;
    return {
      seen: `${failed} of ${pings} ${pings === 1 ? "ping" : "pings"} failed (${percent(failed, pings)})`,
      limit: "more than 5 % of the pings failed",
      remedy: pingRemedy(snapshot),
    };
  },

  "pool-exhaustion": (snapshot) => {
    const { total_timeouts: timeouts, peak_waiting: peak } = snapshot.statistics;
    const { connection_timeout_ms: patience } = snapshot.config;
    if (timeouts === 0 || patience === null) return undefined;
    return {
      seen: `${callers(timeouts)} got no connection within ${formatDuration(patience)}; at most ${peak} waited at one time`,
      limit: "callers timed out waiting for a connection",
      remedy: exhaustionRemedy(snapshot),
    };
  },

  "suspected-leaks": ({ lease_ages_ms: ages }, { leakThreshold }) => {
    const held = ages.filter((age) => age > leakThreshold);
    const [longest] = held;
    if (longest === undefined) return undefined;
    return {
      seen: `${connections(held.length)} held for longer than ${formatDuration(leakThreshold)}, the longest for ${about(longest)}`,
      limit: `a caller has held a connection for longer than ${formatDuration(leakThreshold)}`,
      remedy: leakRemedy(),
    };
  },

  "keep-alive-not-holding": (snapshot) => {
    const { statistics } = snapshot;
    const { total_pings_on_another_transport: moved, total_lost_while_idle: lost } = statistics;
    const { total_connections_created: created, shortest_idle_before_loss_ms: shortest } = statistics;
    if (moved === 0 && lost <= created * MOST_LOST) return undefined;
    return {
      seen:
        moved > 0
          ? `${moved} ${moved === 1 ? "ping" : "pings"} came back over another socket`
          : `${lost} of ${connections(created)} ${lost === 1 ? "was" : "were"} gone when nobody used ${lost === 1 ? "it" : "them"}, after as little as ${about(shortest ?? 0)} without traffic`,
      limit:
        "a ping came back over another socket, or more than 10 % of the connections were lost while idle",
      remedy: keepAliveRemedy(snapshot),
    };
  },
};

/**
 * What about a pool needs attention, by the guide's rules and two of ours, each with its remedy. They look at all that
 * happened since the pool began.
 */
export function alertsOf(snapshot: PoolSnapshot, options: HealthOptions): Alert[] {
  return Object.entries(CHECKS).flatMap(([rule, check]) => {
    const finding = check(snapshot, options);
    if (finding === undefined) return [];
    const { remedy, ...found } = finding;
    return [{ rule: rule as AlertRule, ...found, ...remedy, docs: `docs/alerts.md#${rule}` }];
  });
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? "of none" : `${Math.round((100 * part) / whole)} %`;
const connections = (count: number): string => `${count} ${count === 1 ? "connection" : "connections"}`;
const callers = (count: number): string => `${count} ${count === 1 ? "caller" : "callers"}`;
/** A measured time, to a tenth of a second. */
const about = (time: Milliseconds): string => `${(time / 1_000).toFixed(1)} s`;
