import { formatDuration, type Milliseconds } from "../core/duration.js";
import type { AlertSetting, PoolSnapshot } from "./result.js";

/** What to do about a finding. */
export interface Remedy {
  readonly remedy: string;
  readonly settings: readonly AlertSetting[];
}

/** A ping has to come well before the other side's patience is over. */
const OF_IDLE_BEFORE_LOSS = 0.5;
/** Nobody drops connections this soon for idling: what was lost sooner was lost for another reason. */
const SHORTEST_IDLE_LIMIT: Milliseconds = 1_000;

/**
 * Whether connecting, or even the quickest use of a connection, takes half of the time that a ping has. A ping that got no
 * answer may then have been slow; otherwise it is the connection that was dead.
 */
export function isSlow({ config, create_time: create, use_time: use }: PoolSnapshot): boolean {
  const patience = Math.min(config.ping_timeout_ms ?? Infinity, config.health_check_timeout_ms ?? Infinity);
  // Not a median use: those that met with a dead connection took long, too.
  return 2 * Math.max(create.p50_ms ?? 0, use.buckets[0]?.up_to_ms ?? 0) >= patience;
}

/** The guide: raise the threshold, or ping more often. Raising does not help where connections are lost. */
export function refreshRemedy(snapshot: PoolSnapshot): Remedy {
  const { config } = snapshot;
  const stale = config.stale_threshold_ms;
  if (stale === null || !config.enable_proactive_ping || lostInterval(snapshot) !== undefined) {
    return keepAliveRemedy(snapshot);
  }
  return raise("staleThreshold", stale, 2 * stale, ", or lower keepAliveInterval");
}

/** The guide: check the network, or grant a ping more time; but none is long enough for a connection that is dead. */
export function pingRemedy(snapshot: PoolSnapshot): Remedy {
  const { config, statistics } = snapshot;
  const timeout = config.ping_timeout_ms;
  if (timeout === null) return { remedy: CHECK_NETWORK, settings: [] };
  const to = Math.max(2 * timeout, upwards(2 * usualTime(snapshot)));
  const longer = { option: "pingTimeout", from: timeout, to };
  const sooner = isSlow(snapshot) ? undefined : soonerPing(snapshot);
  if (sooner !== undefined) {
    const remedy = `${inWords(sooner)}, or, where the database only takes that long, ${inWords(longer)}`;
    return { remedy, settings: [sooner] };
  }
  const settings: AlertSetting[] = [longer];
  // A ping is not waited for any longer by a caller who needs the connection.
  const check = config.health_check_timeout_ms;
  if (statistics.peak_waiting > 0 && check !== null && check < to) {
    settings.push({ option: "healthCheckTimeout", from: check, to });
  }
  return { remedy: `${CHECK_NETWORK}, or ${settings.map(inWords).join(" and ")}`, settings };
}

const CHECK_NETWORK = "check the network to the database";

/** The guide: raise maxConnections. By how much says Little's law, from how many waited and how long each use took. */
export function exhaustionRemedy(snapshot: PoolSnapshot): Remedy {
  const { config, statistics, use_time: use, create_time: create, lease_ages_ms: ages } = snapshot;
  const { total_created: created, total_open_failures: failures, total_open_timeouts: late } = statistics;
  const patience = config.connection_timeout_ms ?? Infinity;
  if (created <= failures) {
    const remedy = "connections cannot be opened: check that the database can be reached";
    if (late <= failures / 2 || patience === Infinity) return { remedy, settings: [] };
    const longer = raise("connectionTimeout", patience, 2 * patience);
    return { ...longer, remedy: `${remedy}, or, where that takes so long, ${longer.remedy}` };
  }
  const forgotten = ages.filter((age) => age > patience).length;
  if (forgotten === config.max_connections) {
    return {
      remedy: "every connection is held for longer than that: see to it that they are given back",
      settings: [],
    };
  }
  if ((create.p50_ms ?? 0) > patience / 2) {
    return raise("connectionTimeout", patience, Math.max(2 * patience, upwards(2 * (create.p95_ms ?? 0))));
  }
  // Not the mean alone: who waited may have waited for the longest uses of all.
  const typicalUse = Math.max(use.count === 0 ? 0 : use.sum_ms / use.count, use.p95_ms ?? 0);
  // Whoever comes last waits for all before: with this many connections, for half of the patience.
  const needed = Math.ceil((2 * statistics.peak_waiting * typicalUse) / patience) + forgotten;
  const most = config.max_connections + Math.max(1, statistics.peak_waiting);
  return raise(
    "maxConnections",
    config.max_connections,
    Math.min(most, Math.max(2 * config.max_connections, needed)),
  );
}

export function leakRemedy(): Remedy {
  return {
    remedy: "release each lease in a finally, or use pool.use() or `using`, which cannot forget it",
    settings: [],
  };
}

/** Ping before the connections are lost; where there are no pings yet, before they are stale, too. */
export function keepAliveRemedy(snapshot: PoolSnapshot): Remedy {
  const { config, statistics } = snapshot;
  if (statistics.total_pings_on_another_transport > 0) {
    return {
      remedy: "open connections that do not reconnect by themselves, as connector() does",
      settings: [],
    };
  }
  const sooner = soonerPing(snapshot);
  if (!config.enable_keepalive && config.keep_alive_interval_ms === null) {
    const interval = sooner === undefined ? "" : ` with a keepAliveInterval of ${seconds(sooner.to)}`;
    return { remedy: `use a KeepAlivePool${interval}`, settings: [] };
  }
  const settings: AlertSetting[] = [];
  const switchOn = (option: string, isOn: boolean): void => {
    if (!isOn) settings.push({ option, from: false, to: true });
  };
  switchOn("enableKeepalive", config.enable_keepalive);
  switchOn("enableProactivePing", config.enable_proactive_ping);
  switchOn("enableHealthCheck", config.enable_health_check);
  if (sooner) settings.push(sooner);
  if (settings.length > 0) return { remedy: settings.map(inWords).join(", ") + proviso(snapshot), settings };
  return {
    remedy: "check whether the server was restarted, or drops connections for another reason",
    settings,
  };
}

/** How sure it is that this helps. */
function proviso({ statistics }: PoolSnapshot): string {
  const { total_lost_while_idle: lost, total_silent_while_idle: silent } = statistics;
  if (lost === 0) return "";
  return silent > lost / 2
    ? ", and by half again for as long as connections are found dead"
    : ", unless it was a restart of the server that took them";
}

/** The interval at which the connections that were lost would have been pinged in time, where that is sooner. */
function soonerPing(snapshot: PoolSnapshot): (AlertSetting & { readonly to: number }) | undefined {
  const { config } = snapshot;
  const interval = config.keep_alive_interval_ms;
  const pings = config.enable_keepalive && config.enable_proactive_ping;
  const beforeStale = pings ? Infinity : downwards((config.stale_threshold_ms ?? Infinity) / 2);
  const to = Math.min(lostInterval(snapshot) ?? Infinity, beforeStale);
  return to < (interval ?? Infinity) ? { option: "keepAliveInterval", from: interval, to } : undefined;
}

function lostInterval({ statistics }: PoolSnapshot): Milliseconds | undefined {
  const idle = statistics.median_idle_before_loss_ms;
  if (idle === null || idle < SHORTEST_IDLE_LIMIT) return undefined;
  return downwards(idle * OF_IDLE_BEFORE_LOSS);
}

/** What an answer may take here, going by what connecting and the callers' uses of a connection take. */
function usualTime({ create_time: create, use_time: use }: PoolSnapshot): Milliseconds {
  return Math.max(create.p95_ms ?? 0, use.p50_ms ?? 0);
}

function raise(option: string, from: number, to: number, also = ""): Remedy {
  const setting = { option, from, to };
  return { remedy: inWords(setting) + also, settings: [setting] };
}

function inWords({ option, from, to }: AlertSetting): string {
  if (typeof to === "boolean") return `switch ${option} on`;
  const shown = (value: number): string => (option === "maxConnections" ? String(value) : seconds(value));
  if (typeof from !== "number") return `set ${option} to ${shown(to)}`;
  return `${to > from ? "raise" : "lower"} ${option} from ${shown(from)} to ${shown(to)}`;
}

/** In seconds where it can be, as the guide has it, so that two of them are easy to compare. */
function seconds(time: Milliseconds): string {
  return time % 1_000 === 0 ? `${time / 1_000}s` : formatDuration(time);
}

/** A duration that reads well, and is not longer. */
function downwards(time: Milliseconds): Milliseconds {
  const unit = unitFor(time);
  return Math.max(unit, Math.floor(time / unit) * unit);
}

/** A duration that reads well, and is not shorter. */
function upwards(time: Milliseconds): Milliseconds {
  const unit = unitFor(time);
  return Math.ceil(time / unit) * unit;
}

function unitFor(time: Milliseconds): Milliseconds {
  if (time >= 10_000) return 1_000;
  return time >= 1_000 ? 100 : time >= 100 ? 10 : 1;
}
