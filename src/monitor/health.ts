import { formatDuration, type Milliseconds } from "../core/duration.js";
import {
  exhaustionRemedy,
  isSlow,
  keepAliveRemedy,
  leakRemedy,
  pingRemedy,
  refreshRemedy,
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
    const { total_timeouts: timeouts, total_refused: refused, peak_waiting: peak } = snapshot.statistics;
    if (timeouts + refused === 0) return undefined;
    const patience = formatDuration(snapshot.config.connection_timeout_ms ?? Infinity);
    const seen = [
      ...(timeouts > 0 ? [`${callers(timeouts)} got no connection within ${patience}`] : []),
      ...(refused > 0 ? [`${callers(refused)} turned away by maxWaiters`] : []),
      `at most ${peak} waited at one time`,
    ];
    return {
      seen: seen.join("; "),
      limit: "callers timed out waiting for a connection, or were turned away",
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
    const { total_pings_on_another_transport: moved, total_connections_created: created } = statistics;
    // A connection that was slow to answer is not to be taken for one that was lost.
    const slow = isSlow(snapshot) ? statistics.total_silent_while_idle : 0;
    const lost = statistics.total_lost_while_idle - slow;
    if (moved === 0 && lost <= created * MOST_LOST) return undefined;
    const idle = about(statistics.median_idle_before_loss_ms ?? 0);
    // A connection that is found dead died some time before.
    const bound = statistics.total_silent_while_idle > statistics.total_lost_while_idle / 2 ? "at most " : "";
    return {
      seen:
        moved > 0
          ? `${moved} ${moved === 1 ? "ping" : "pings"} came back over another socket`
          : `${lost} of ${connections(created)} ${lost === 1 ? "was" : "were"} gone when nobody used ${lost === 1 ? "it" : "them"}, at the median after ${bound}${idle} of idling`,
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
  whole === 0 ? "of none" : `${Number(((100 * part) / whole).toFixed(1))} %`;
const connections = (count: number): string => `${count} ${count === 1 ? "connection" : "connections"}`;
const callers = (count: number): string => `${count} ${count === 1 ? "caller" : "callers"}`;
/** A measured time, to a tenth of a second. */
const about = (time: Milliseconds): string => `${(time / 1_000).toFixed(1)} s`;
