import { formatDuration, parseDuration } from "../../core/duration.js";
import { isCount, pastedFrom } from "../../report/tune-snippets/pasted.js";
import type { TuneResult } from "../../tune/result.js";
import { isSection, type ConfigFile, type Section, type Value } from "../config-file/settings.js";
import type { Scalar } from "./edit-json.js";

/** What is recommended as `pool` in a configuration file has it: what the report gives to paste. */
export function poolValues({ settings, target }: TuneResult): ReadonlyMap<string, Scalar> {
  const isLocal = target.transport === "file" || target.transport === "memory";
  const pasted = Object.entries(pastedFrom(settings, isLocal));
  return new Map(
    pasted
      // A file has no way to say "no limit".
      .filter(([, value]) => Number.isFinite(value))
      .map(([option, value]) => [option, isCount(option) ? value : formatDuration(value)]),
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
