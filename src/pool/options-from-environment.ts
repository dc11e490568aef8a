import { parseDuration } from "../core/duration.js";
import { invalidOption } from "../core/errors.js";
import type { KeepAlivePoolOptions } from "./config.js";

/** The options that variables set, with what each of them takes. */
const KINDS = {
  maxConnections: "from 1",
  minConnections: "from 0",
  keepAliveInterval: "duration",
  staleThreshold: "duration",
  pingTimeout: "duration",
  connectionTimeout: "duration",
  maxLifetime: "duration",
  idleTimeout: "duration",
} as const satisfies Partial<Record<keyof KeepAlivePoolOptions, "from 0" | "from 1" | "duration">>;

type EnvironmentOption = keyof typeof KINDS;

/** The variable of each option, such as `TURSO_POOL_MAX_CONNECTIONS`. */
export const POOL_VARIABLES: ReadonlyMap<string, string> = new Map(
  Object.keys(KINDS).map((option) => [
    option,
    `TURSO_POOL_${option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`,
  ]),
);

/**
 * Reads a pool's options from variables: `TURSO_POOL_MAX_CONNECTIONS` and `TURSO_POOL_MIN_CONNECTIONS`, whole numbers,
 * and `TURSO_POOL_KEEP_ALIVE_INTERVAL`, `_STALE_THRESHOLD`, `_PING_TIMEOUT`, `_CONNECTION_TIMEOUT`, `_MAX_LIFETIME` and
 * `_IDLE_TIMEOUT`, durations with their unit such as `250ms`, `30s` or `2m`. One that is empty is as one that is not set.
 *
 * ```ts
 * const pool = new KeepAlivePool({ open: connector({ url }), ...optionsFromEnvironment(process.env) });
 * ```
 * @returns only what is set, durations in milliseconds
 * @throws {TursoPoolError} `INVALID_OPTION`, naming the variable
 */
export function optionsFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): Pick<KeepAlivePoolOptions, EnvironmentOption> {
  const options: Pick<KeepAlivePoolOptions, EnvironmentOption> = {};
  for (const option of Object.keys(KINDS) as EnvironmentOption[]) {
    const variable = POOL_VARIABLES.get(option) ?? option;
    const text = env[variable];
    if (text === undefined || text === "") continue;
    const kind = KINDS[option];
    options[option] = kind === "duration" ? duration(variable, text) : wholeNumber(variable, text, kind);
  }
  return options;
}

function duration(variable: string, text: string): number {
  const value = parseDuration(text, variable);
  if (value === 0) throw invalidOption(variable, text, "longer than nothing");
  return value;
}

function wholeNumber(variable: string, text: string, range: "from 0" | "from 1"): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : NaN;
  if (Number.isSafeInteger(value) && value >= (range === "from 0" ? 0 : 1)) return value;
  throw invalidOption(variable, text, `a whole number ${range}`);
}
