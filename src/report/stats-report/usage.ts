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
  const { errors, timeouts, no_connection: none, never_started: never, found_no_caller: late } = load;
  const parts = [
    `${count(load.scheduled)} operations were due: ${count(load.operations)} answered`,
    `${count(errors)} failed`,
    `${count(timeouts)} timed out`,
    `${count(none)} got no connection`,
  ];
  return [
    `${parts.join(", ")}.`,
    ...(late > 0
      ? [
          `${count(late)} of them began late, as all callers were busy; --concurrency sets how many there are.`,
        ]
      : []),
    ...(never > 0 ? [`${count(never)} of them were never begun for that reason.`] : []),
    ...(load.first_error === null ? [] : [`The first failure: ${load.first_error.message}.`]),
  ];
}

function rollLines(
  { snapshot, keep_alive_holds: holds, duration_ms: duration }: StatsResult,
  roll: RollCallResult,
): string[] {
  const { sockets, config } = snapshot;
  const opened =
    sockets === null
      ? ""
      : `; ${sockets.opened === 1 ? "1 socket was" : `${count(sockets.opened)} sockets were`} opened in all`;
  const whether = config.enable_proactive_ping
    ? "Does keep-alive hold?"
    : "Do connections last without pings?";
  const answer = holds === null ? "There was no connection to tell." : holds ? "Yes" : "No";
  if (holds === null) return [`${whether} ${answer}`];
  return [
    `${whether} ${answer}: after ${elapsed(duration)} without callers, ${count(roll.kept)} of ${count(roll.connections)} connections answered on the ${roll.connections === 1 ? "socket that it" : "sockets that they"} had from the start${opened}.`,
  ];
}

const times = (number: number): string => (number === 1 ? "once" : `${count(number)} times`);
