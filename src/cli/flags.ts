import { Flags } from "@oclif/core";
import { formatDuration, parseDuration, type Milliseconds } from "../core/duration.js";
import { invalidOption } from "../core/errors.js";
import type { PoolSettings } from "../bench/plan.js";

/** A flag that takes a duration such as `250ms`, from `least` (default: any but 0) to `most`. Its value is in milliseconds. */
export const duration = Flags.custom<Milliseconds, { least?: Milliseconds; most?: Milliseconds }>({
  helpValue: "<duration>",
  parse: async (text, _context, { name, least, most = Infinity }) => {
    const value = parseDuration(text, `--${name}`);
    if (least === undefined ? value === 0 : value < least) {
      const allowed = least === undefined ? "longer than nothing" : `at least ${formatDuration(least)}`;
      throw invalidOption(`--${name}`, text, allowed);
    }
    if (value > most) throw invalidOption(`--${name}`, text, `at most ${formatDuration(most)}`);
    return value;
  },
});

/** A flag that takes a whole number, from `least` (default 1) to `most`. */
export const wholeNumber = Flags.custom<number, { least?: number; most?: number }>({
  helpValue: "<n>",
  parse: async (text, _context, options) => {
    const { least = 1, most = Number.MAX_SAFE_INTEGER } = options;
    const value = /^-?\d+$/.test(text.trim()) ? Number(text) : NaN;
    if (!Number.isSafeInteger(value) || value < least || value > most) {
      const range = options.most === undefined ? `from ${least}` : `from ${least} to ${most}`;
      throw invalidOption(`--${options.name}`, text, `a whole number ${range}`);
    }
    return value;
  },
});

/** How to reach the database. */
export const connectionFlags = {
  url: Flags.string({
    helpValue: "<url>",
    helpGroup: "TARGET",
    description:
      "Database to use: libsql:, https:, http:, wss:, ws:, file: or :memory:. " +
      "Default: TURSO_DATABASE_URL, LIBSQL_URL, then an embedded server. The token comes from TURSO_AUTH_TOKEN or LIBSQL_AUTH_TOKEN.",
  }),
  "connect-timeout": duration({
    helpGroup: "TARGET",
    default: 10_000,
    defaultHelp: async () => "10s",
    description: "How long opening a connection may take.",
  }),
};

/** The options of the pools under test; the environment sets them too, see `POOL_VARIABLES`. */
export const poolFlags = {
  "min-connections": wholeNumber({
    least: 0,
    helpGroup: "POOL",
    description: "Connections kept open when idle. [default: 1]",
  }),
  "max-connections": wholeNumber({
    helpGroup: "POOL",
    description: "Connections at one time. [default: 10]",
  }),
  "connection-timeout": duration({
    helpGroup: "POOL",
    description:
      "How long a caller waits for a connection, and one may take to open. [default: 5s; of bench --connect-timeout]",
  }),
  "keep-alive-interval": duration({
    helpGroup: "POOL",
    description: "Idle connections are pinged this often. [default: 30s]",
  }),
  "stale-threshold": duration({
    helpGroup: "POOL",
    description: "Idle connections older than this are refreshed before use. [default: 60s]",
  }),
  "ping-timeout": duration({
    helpGroup: "POOL",
    description: "A ping that takes longer has failed. [default: 5s]",
  }),
  "max-lifetime": duration({
    helpGroup: "POOL",
    description: "Connections older than this are replaced. [default: 30m]",
  }),
  // `--idle-timeout` is the network's.
  "pool-idle-timeout": duration({
    helpGroup: "POOL",
    description: "Connections unused for this long are closed. [default: 10m]",
  }),
};

type PoolFlagValues = { readonly [Name in keyof typeof poolFlags]?: number | undefined };

/**
 * Pool flags as the library's options; checked together.
 * @param pings whether the pool pings its connections, which has to be before they go stale
 * @throws {TursoPoolError} `INVALID_OPTION`
 */
export function poolSettings(flags: PoolFlagValues, pings = true): PoolSettings {
  const least = flags["min-connections"];
  const most = flags["max-connections"] ?? 10;
  if (least !== undefined && least > most) {
    throw invalidOption("--min-connections", least, `at most --max-connections (${most})`);
  }
  const interval = flags["keep-alive-interval"] ?? 30_000;
  const stale = flags["stale-threshold"] ?? 60_000;
  if (pings && interval > stale) {
    const most = `at most --stale-threshold (${formatDuration(stale)})`;
    throw invalidOption("--keep-alive-interval", formatDuration(interval), most);
  }
  return Object.fromEntries(
    Object.entries(flags)
      .filter(([name, value]) => name in poolFlags && value !== undefined)
      .map(([name, value]) => [optionName(name), value]),
  );
}

/** The library's name for what a pool flag sets: `idleTimeout` for `pool-idle-timeout`. */
function optionName(flag: string): string {
  return flag.replace(/^pool-/, "").replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
