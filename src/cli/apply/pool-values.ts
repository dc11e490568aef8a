import { formatDuration, parseDuration } from "../../core/duration.js";
import type { SettingResult } from "../../tune/result.js";
import { POOL_KEYS } from "../config-file/keys.js";
import { isSection, type ConfigFile, type Section, type Value } from "../config-file/settings.js";
import type { Scalar } from "./edit-json.js";

/** The recommended settings as `pool` in a configuration file has them. The transport is part of the URL. */
export function poolValues(settings: readonly SettingResult[]): ReadonlyMap<string, Scalar> {
  return new Map(
    settings.flatMap(({ setting, unit, recommended }): [string, Scalar][] => {
      if (!POOL_KEYS.has(setting) || typeof recommended !== "number") return [];
      // A file has no way to say "no limit".
      if (!Number.isFinite(recommended)) return [];
      return [[setting, unit === "ms" ? formatDuration(recommended) : recommended]];
    }),
  );
}

/** Those that the file does not say yet, in whatever words. */
export function notSaidYet(
  values: ReadonlyMap<string, Scalar>,
  { pool }: ConfigFile["settings"],
): ReadonlyMap<string, Scalar> {
  const there: Section = isSection(pool) ? pool : {};
  return new Map([...values].filter(([key, wanted]) => !isSame(valueIn(there, key), wanted)));
}

/** Where the file sets one of these otherwise for a command of its own, which wins there: `bench.maxConnections`. */
export function overridden(
  values: ReadonlyMap<string, Scalar>,
  settings: ConfigFile["settings"],
): readonly string[] {
  return Object.entries(settings).flatMap(([name, section]) => {
    if (name === "pool" || !isSection(section)) return [];
    return [...values].flatMap(([key, wanted]) => {
      const there = valueIn(section, key);
      return there === undefined || isSame(there, wanted) ? [] : [`${name}.${key}`];
    });
  });
}

function valueIn(section: Section, key: string): Value | undefined {
  return Object.hasOwn(section, key) ? section[key] : undefined;
}

function isSame(there: Value | undefined, wanted: Scalar): boolean {
  return typeof wanted === "string" && typeof there === "string"
    ? parseDuration(there, "") === parseDuration(wanted, "")
    : there === wanted;
}
