import type { SettingName, SettingResult } from "../../tune/result.js";
import { wholeMilliseconds } from "../format.js";

export type PoolOption = Exclude<SettingName, "transport">;

/** What is pasted: options of a pool by the library's names, durations in whole milliseconds. */
export type PastedSettings = Readonly<Partial<Record<PoolOption, number>>>;

const COUNTS: ReadonlySet<string> = new Set<PoolOption>(["maxConnections", "minConnections"]);

/** Whether an option is a number of connections; the others are durations. */
export function isCount(option: string): boolean {
  return COUNTS.has(option);
}

/** Options that mean nothing without keep-alive. */
const OF_KEEP_ALIVE: readonly string[] = ["keepAliveInterval", "staleThreshold", "pingTimeout"];

/**
 * The recommended settings but for the transport, which is in the URL. A local database has no connection that could
 * be kept alive.
 */
export function pastedFrom(settings: readonly SettingResult[], isLocal: boolean): PastedSettings {
  const every: PastedSettings = Object.fromEntries(
    settings.flatMap(({ setting, unit, recommended }) => {
      if (setting === "transport" || typeof recommended === "string") return [];
      return [[setting, unit === "ms" ? wholeMilliseconds(recommended) : recommended]];
    }),
  );
  if (!isLocal && every.keepAliveInterval !== undefined) return every;
  return Object.fromEntries(Object.entries(every).filter(([option]) => !OF_KEEP_ALIVE.includes(option)));
}

/** `keepAliveInterval` in words of capitals: `KEEP_ALIVE_INTERVAL`. */
export function capitals(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
