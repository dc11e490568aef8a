import { Flags, type Interfaces } from "@oclif/core";
import { checkLoad } from "../bench/load.js";
import { formatDuration } from "../core/duration.js";
import { invalidOption } from "../core/errors.js";
import { parseRate } from "../core/rate.js";
import { FAULT_NAMES } from "../rehearse/rehearsed-faults.js";
import type { HoldPlan } from "../watch/hold-pool.js";
import type { ObservationPlan } from "../watch/observe.js";
import { connectionFlags, duration, poolFlags, poolSettings, wholeNumber } from "./flags.js";
import { embeddedFlags } from "./network-flags.js";

const DEFAULT_DURATION_MS = 30_000;
const DEFAULT_INTERVAL_MS = 2_000;
const DEFAULT_RATE = 10;
const DEFAULT_CALLERS = 4;

/** What the pool that `stats` holds is like, and how it is used. */
const ownPoolFlags = {
  ...connectionFlags,
  rate: Flags.custom<number>({
    helpGroup: "LOAD",
    helpValue: "<n/s>",
    description: `Statements arrive at this rate, whether the pool keeps up or not. [default: ${DEFAULT_RATE}/s; with --rehearse 40/s]`,
    parse: async (text) => parseRate(text, "--rate"),
  })(),
  concurrency: wholeNumber({
    helpGroup: "LOAD",
    description: `The most callers at one time. [default: ${DEFAULT_CALLERS}]`,
  }),
  idle: Flags.boolean({
    helpGroup: "LOAD",
    exclusive: ["rate", "concurrency"],
    description:
      "No load: --min-connections stay open and nobody uses them; at the end each is used once. Does keep-alive hold?",
  }),
  "no-proactive-ping": Flags.boolean({
    helpGroup: "POOL",
    exclusive: ["keep-alive-interval", "ping-timeout"],
    description: "Don't ping idle connections.",
  }),
  "no-keepalive": Flags.boolean({
    helpGroup: "POOL",
    exclusive: ["keep-alive-interval", "ping-timeout", "stale-threshold", "no-proactive-ping"],
    description: "No keep-alive at all: neither pings nor refreshes.",
  }),
  ...poolFlags,
  ...embeddedFlags,
};

/** The flags of `stats`. */
export const statsFlags = {
  attach: Flags.string({
    helpValue: "<url|socket|file>",
    exclusive: Object.keys(ownPoolFlags),
    description:
      "Watch an application's pool instead: the URL or unix socket of its serveStatistics(), or a statistics.json that was saved.",
  }),
  rehearse: Flags.boolean({
    exclusive: ["attach", "idle", "interval", "leak-threshold", "fail-on-alert", "json-lines"],
    description:
      "Rehearse what networks and servers do: a plain client and the pool side by side, each behind a proxy on this machine that refuses, cuts, loses, slows and corrupts. Only reads, and no statement is altered. Where no flag says otherwise the pool is as createPool() makes it, pinging every 10 s.",
  }),
  fault: Flags.option({
    options: FAULT_NAMES,
    multiple: true,
    multipleNonGreedy: true,
    dependsOn: ["rehearse"],
    description: "A fault to rehearse; repeatable. [default: all that can be]",
  })(),
  duration: duration({
    description:
      "How long to watch, or with --rehearse how long each fault lasts. [default: 30s; with --attach until Ctrl-C; with --rehearse 3s]",
  }),
  interval: duration({ description: "How often to look. [default: 2s]" }),
  timeout: duration({
    default: 5_000,
    defaultHelp: async () => "5s",
    description:
      "A statement, or an answer to --attach, that takes longer counts as a timeout; with --rehearse the pool's operationTimeout.",
  }),
  "leak-threshold": duration({
    default: 30_000,
    defaultHelp: async () => "30s",
    description: "A connection that a caller holds for longer is taken for forgotten.",
  }),
  "fail-on-alert": Flags.boolean({
    description: "Exit with 99 when there is an alert at the end, or more than 1 % of the statements failed.",
  }),
  "json-lines": Flags.boolean({
    exclusive: ["json"],
    description: "Print a line of JSON at every interval, then one for the summary.",
  }),
  ...ownPoolFlags,
};

export type StatsFlags = Interfaces.InferredFlags<typeof statsFlags>;

/** How the pool that the flags ask for is to be held. @throws {TursoPoolError} `INVALID_OPTION`, naming the flag. */
export function holdPlan(flags: StatsFlags): HoldPlan {
  const { "no-keepalive": bare, "no-proactive-ping": silent } = flags;
  const settings = poolSettings(flags, !bare && !silent);
  if (flags.idle && settings.minConnections === 0) {
    throw invalidOption(
      "--min-connections",
      0,
      "at least 1 with --idle: there would be no connection to keep",
    );
  }
  const load = { perSecond: flags.rate ?? DEFAULT_RATE, concurrency: flags.concurrency ?? DEFAULT_CALLERS };
  checkLoad({ kind: "open", perSecond: load.perSecond, arrivals: "constant" });
  return {
    ...observationPlan(flags, DEFAULT_DURATION_MS),
    load: flags.idle ? null : load,
    timeout: flags.timeout,
    pool: {
      ...settings,
      leakThreshold: flags["leak-threshold"],
      enableKeepalive: !bare,
      enableProactivePing: !silent,
    },
  };
}

/** How often to look, and for how long. */
export function observationPlan(flags: StatsFlags, byDefault: number): ObservationPlan {
  const { interval = DEFAULT_INTERVAL_MS, duration: length = byDefault } = flags;
  return { interval, duration: length, leakThreshold: flags["leak-threshold"] };
}

/** A file holds one look. @throws {TursoPoolError} `INVALID_OPTION` for flags that ask for more */
export function checkOneLook(flags: StatsFlags): void {
  for (const name of ["duration", "interval"] as const) {
    const value = flags[name];
    if (value === undefined) continue;
    throw invalidOption(
      `--${name}`,
      formatDuration(value),
      "of use with a file, which holds one look at a pool",
    );
  }
}
