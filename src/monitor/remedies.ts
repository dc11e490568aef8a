import { formatDuration, type Milliseconds } from "../core/duration.js";
import type { AlertSetting, PoolSnapshot } from "./result.js";

/** What to do about a finding. */
export interface Remedy {
  readonly remedy: string;
  readonly settings: readonly AlertSetting[];
}

/** A ping has to come well before the other side's patience is over. */
const OF_SHORTEST_LOSS = 0.5;
/** Nobody drops connections this soon for idling: what was lost sooner was lost for another reason. */
const SHORTEST_IDLE_LIMIT: Milliseconds = 1_000;

/** The guide: raise the threshold, or ping more often. Raising does not help where connections are lost. */
export function refreshRemedy(snapshot: PoolSnapshot): Remedy {
  const { config } = snapshot;
  const stale = config.stale_threshold_ms ?? 0;
  if (!config.enable_proactive_ping || lostInterval(snapshot) !== undefined) return keepAliveRemedy(snapshot);
  return raise("staleThreshold", stale, 2 * stale, ", or lower keepAliveInterval");
}

/** The guide: check the network, or grant a ping more time. A ping should have twice what is usual here. */
export function pingRemedy({ config, create_time: create, use_time: use }: PoolSnapshot): Remedy {
  const timeout = config.ping_timeout_ms ?? 0;
  const usual = Math.max(create.p95_ms ?? 0, use.p50_ms ?? 0);
  const raised = raise("pingTimeout", timeout, Math.max(2 * timeout, upwards(2 * usual)));
  return { ...raised, remedy: `check the network to the database, or ${raised.remedy}` };
}

/** The guide: raise maxConnections. By how much says Little's law, from how many waited and how long each use took. */
export function exhaustionRemedy(snapshot: PoolSnapshot): Remedy {
  const { config, statistics, use_time: use, create_time: create, lease_ages_ms: ages } = snapshot;
  const patience = config.connection_timeout_ms ?? Infinity;
  if (statistics.total_created === 0) {
    return { remedy: "no connection could be opened: check that the database can be reached", settings: [] };
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
  const meanUse = use.count === 0 ? 0 : use.sum_ms / use.count;
  // Whoever comes last waits for all before: with this many connections, for half of the patience.
  const needed = Math.ceil((2 * statistics.peak_waiting * meanUse) / patience) + forgotten;
  const most = config.max_connections + statistics.peak_waiting;
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

/** Ping before the connections are lost; where that is not known, before they are stale. */
export function keepAliveRemedy(snapshot: PoolSnapshot): Remedy {
  const { config, statistics } = snapshot;
  if (statistics.total_pings_on_another_transport > 0) {
    return {
      remedy: "open connections that do not reconnect by themselves, as connector() does",
      settings: [],
    };
  }
  const settings: AlertSetting[] = [];
  if (!config.enable_keepalive) settings.push({ option: "enableKeepalive", from: false, to: true });
  if (!config.enable_proactive_ping) settings.push({ option: "enableProactivePing", from: false, to: true });
  const interval = config.keep_alive_interval_ms;
  const to = Math.min(
    lostInterval(snapshot) ?? Infinity,
    config.enable_proactive_ping ? Infinity : downwards((config.stale_threshold_ms ?? Infinity) / 2),
  );
  if (to < (interval ?? Infinity)) settings.push({ option: "keepAliveInterval", from: interval, to });
  if (settings.length === 0) {
    return {
      remedy: "check whether the server was restarted, or drops connections for another reason",
      settings,
    };
  }
  return { remedy: settings.map(inWords).join(", "), settings };
}

/** The interval at which the connections that were lost would have been pinged in time. */
function lostInterval({ statistics }: PoolSnapshot): Milliseconds | undefined {
  const shortest = statistics.shortest_idle_before_loss_ms;
  if (shortest === null || shortest < SHORTEST_IDLE_LIMIT) return undefined;
  return downwards(shortest * OF_SHORTEST_LOSS);
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
  const unit = time >= 10_000 ? 1_000 : time >= 1_000 ? 100 : 10;
  return Math.max(unit, Math.floor(time / unit) * unit);
}

/** A duration that reads well, and is not shorter. */
function upwards(time: Milliseconds): Milliseconds {
  const unit = time >= 10_000 ? 1_000 : time >= 1_000 ? 100 : 10;
  return Math.ceil(time / unit) * unit;
}
