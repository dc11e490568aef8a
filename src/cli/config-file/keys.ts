import type { Interfaces } from "@oclif/core";
import { connectionFlags, poolFlags } from "../flags.js";

/** Flags that a file cannot set: they say how to talk to whoever is there now. */
const NOT_IN_A_FILE = new Set(["json", "help", "config", "color"]);

/** A flag's name in a configuration file: `keepAliveInterval` for `keep-alive-interval`. */
export function keyOf(flag: string): string {
  return flag.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** The keys of a command's section: all its own flags. */
export function sectionKeys(flags: Interfaces.FlagInput): ReadonlyMap<string, string> {
  return byKey(Object.keys(flags).filter((name) => !NOT_IN_A_FILE.has(name)));
}

/** The keys at the top, which hold for every command that has such a flag. */
export const TOP_KEYS = byKey(Object.keys(connectionFlags));

/** The keys of `pool`, which are the library's names for its options, with the flags that set them. */
export const POOL_KEYS: ReadonlyMap<string, string> = new Map(
  Object.keys(poolFlags).map((flag) => [keyOf(flag.replace(/^pool-/, "")), flag]),
);

function byKey(flags: readonly string[]): ReadonlyMap<string, string> {
  return new Map(flags.map((flag) => [keyOf(flag), flag]));
}
