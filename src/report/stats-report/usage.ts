import type { LoadResult, RollCallResult, StatsResult } from "../../watch/result.js";
import { count, elapsed } from "../format.js";

/** What became of who used the pool, a line for each thing. */
export function usage(result: StatsResult): string[] {
  const { load, roll_call: roll, attached } = result;
  return [
    ...(load === null ? [] : loadLines(load)),
    ...(roll === null ? [] : rollLines(result, roll)),
    ...(attached === null || attached.restarts === 0
      ? []
      : [`Its counts began anew ${times(attached.restarts)}: the application was restarted.`]),
    ...(attached === null || attached.missed === 0 ? [] : [`It did not answer ${times(attached.missed)}.`]),
  ];
}

function loadLines(load: LoadResult): string[] {
  const { never_started: never, found_no_caller: late } = load;
  const parts = [
    `${count(load.scheduled)} operations were due: ${count(load.operations)} answered`,
    `${count(load.errors)} failed`,
    `${count(load.timeouts)} timed out`,
    `${count(load.no_connection)} got no connection`,
    ...(never > 0 ? [`${count(never)} never began`] : []),
  ];
  return [
    `${parts.join(", ")}.`,
    ...(late > 0
      ? [
          `${count(late)} of them began late, as all callers were busy: --concurrency says how many there are.`,
        ]
      : []),
    ...(load.first_error === null ? [] : [`The first failure: ${load.first_error.message}.`]),
  ];
}

function rollLines(result: StatsResult, { connections, kept, calls }: RollCallResult): string[] {
  const { snapshot, keep_alive_holds: holds } = result;
  const { sockets, config } = snapshot;
  const asked = config.enable_proactive_ping ? "Does keep-alive hold?" : "Do connections last without pings?";
  if (connections === 0) return [`${asked} There was no connection from the start to tell by.`];
  const [are, had] =
    connections === 1 ? ["connection", "the socket that it"] : ["connections", "the sockets that they"];
  const opened = sockets?.opened === 1 ? "1 socket was" : `${count(sockets?.opened ?? null)} sockets were`;
  const verdict = holds === null ? "Cannot tell" : holds ? "Yes" : "No";
  const missing = calls - connections;
  const noPing = config.enable_proactive_ping && snapshot.statistics.total_proactive_pings === 0;
  return [
    `${asked} ${verdict}: after ${elapsed(result.duration_ms)} without callers, ` +
      `${count(kept)} of ${count(connections)} ${are} answered on ${had} had from the start` +
      `${sockets === null ? "" : `; ${opened} opened in all`}.`,
    ...(missing > 0 ? [`${count(missing)} of the ${count(calls)} asked for could not be opened.`] : []),
    ...(noPing ? ["No ping was due in that time: raise --duration, or lower --keep-alive-interval."] : []),
  ];
}

const times = (number: number): string => (number === 1 ? "once" : `${count(number)} times`);
