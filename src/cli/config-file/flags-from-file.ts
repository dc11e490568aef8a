import type { Interfaces } from "@oclif/core";
import { POOL_VARIABLES } from "../../pool/options-from-environment.js";
import { keyOf, POOL_KEYS, sectionKeys, TOP_KEYS } from "./keys.js";
import { isSection, type ConfigFile, type Section, type Value } from "./settings.js";

/** A flag that a configuration file or the environment sets. */
interface Setting {
  readonly flag: string;
  /** Where the file says so: `bench.rate`; in the environment, the variable. */
  readonly path: string;
  readonly value: Value;
}

/** What a command takes from a configuration file or from the environment. */
export interface TakenFlags {
  /** To be put before the arguments that were given. */
  readonly argv: readonly string[];
  /** Where each flag is set. */
  readonly paths: ReadonlyMap<string, string>;
}

/** Variables that win over the file's value of a flag. */
const ENVIRONMENT: Readonly<Record<string, readonly string[]>> = {
  url: ["TURSO_DATABASE_URL", "LIBSQL_URL"],
};

export interface TakingCommand {
  readonly id: string;
  readonly flags: Interfaces.FlagInput;
  /** The flags that were given on the command line, or by what else wins. */
  readonly given: ReadonlySet<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The file's settings as arguments: the command's own section wins over `pool` and the top of the file. What was
 * given on the command line or in the environment is left out, and so is what it excludes.
 */
export function flagsFromFile(file: ConfigFile, command: TakingCommand): TakenFlags {
  const { env } = command;
  const settings = settingsFor(file, command).filter(
    ({ flag }) => !(ENVIRONMENT[flag]?.some((name) => (env[name] ?? "") !== "") ?? false),
  );
  return takenBy(command, settings);
}

/** The pool's options that variables set, such as `TURSO_POOL_MAX_CONNECTIONS`, as arguments. */
export function flagsFromEnvironment(command: TakingCommand): TakenFlags {
  const settings = [...POOL_KEYS].flatMap(([option, flag]): Setting[] => {
    const path = POOL_VARIABLES.get(option);
    const value = path === undefined ? undefined : command.env[path];
    if (path === undefined || value === undefined || value === "" || !(flag in command.flags)) return [];
    return [{ flag, path, value }];
  });
  return takenBy(command, settings);
}

/** As arguments, the first of each flag, but for what was given and what that excludes. */
function takenBy({ flags, given }: TakingCommand, found: readonly Setting[]): TakenFlags {
  const settings = new Map<string, Setting>();
  for (const setting of found) {
    if (!given.has(setting.flag) && !settings.has(setting.flag)) settings.set(setting.flag, setting);
  }
  const excluded = [...settings.keys()].filter((name) =>
    [...given].some((other) => exclude(flags, name, other)),
  );
  for (const name of settings.keys()) {
    // What makes sense only with a flag that goes, goes with it.
    const needs = (flags[name]?.dependsOn ?? []).map(nameOf);
    if ([name, ...needs].some((one) => excluded.includes(one))) settings.delete(name);
  }
  const taken = [...settings.values()];
  return {
    argv: taken.flatMap(({ flag, value }) => argumentsFor(flag, value, flags)),
    paths: new Map(taken.map(({ flag, path }) => [flag, path])),
  };
}

/** All that the file says about the command's flags, the most specific first. */
function settingsFor({ settings }: ConfigFile, { id, flags }: TakingCommand): Setting[] {
  const section = (name: string): Section => {
    const found = settings[name];
    return isSection(found) ? found : {};
  };
  const from = (
    values: Readonly<Record<string, Value | Section>>,
    keys: ReadonlyMap<string, string>,
    at = "",
  ) =>
    [...keys].flatMap(([key, flag]): Setting[] => {
      const value = Object.hasOwn(values, key) ? values[key] : undefined;
      return value === undefined || isSection(value) || !(flag in flags)
        ? []
        : [{ flag, path: `${at}${key}`, value }];
    });
  const own = keyOf(id);
  return [
    ...from(section(own), sectionKeys(flags), `${own}.`),
    ...from(section("pool"), POOL_KEYS, "pool."),
    ...from(settings, TOP_KEYS),
  ];
}

/** Each value in one argument with its flag, so that none is taken for a flag itself. */
function argumentsFor(flag: string, value: Value, flags: Interfaces.FlagInput): string[] {
  if (value === true) return [`--${flag}`];
  if (value === false) return flags[flag]?.type === "boolean" && flags[flag].allowNo ? [`--no-${flag}`] : [];
  return (Array.isArray(value) ? value : [value]).map((one) => `--${flag}=${String(one)}`);
}

function exclude(flags: Interfaces.FlagInput, one: string, other: string): boolean {
  const excluded = (name: string): string[] => {
    const { exclusive = [], exactlyOne = [], relationships = [] } = flags[name] ?? {};
    const none = relationships.filter(({ type }) => type === "none").flatMap((rule) => rule.flags);
    return [...exclusive, ...exactlyOne, ...none].map(nameOf);
  };
  return one !== other && (excluded(one).includes(other) || excluded(other).includes(one));
}

function nameOf(flag: string | { readonly name: string }): string {
  return typeof flag === "string" ? flag : flag.name;
}

/** A flag, or a quoted value, in which nothing is a flag. */
const FLAG = /"(?:[^"\\]|\\.)*"|--([a-z][a-z0-9]*(?:-[a-z0-9]+)*)/g;

/** An error about flags, in the words of the variables that set them. */
export function inWordsOfVariables(variables: ReadonlyMap<string, string>, message: string): string {
  return message.replace(FLAG, (match: string, flag: string | undefined) =>
    flag === undefined ? match : (variables.get(flag) ?? match),
  );
}

/** An error about flags, in the words of the file that set them. */
export function inWordsOf(file: string, paths: ReadonlyMap<string, string>, message: string): string {
  const [about] = [...message.matchAll(FLAG)].flatMap(([, flag]) => flag ?? []);
  const aboutFile = about !== undefined && paths.has(about);
  const text = message.replace(FLAG, (match: string, flag: string | undefined) => {
    const path = flag === undefined ? undefined : paths.get(flag);
    return path === undefined ? match : aboutFile ? path : `${path} in ${file}`;
  });
  return aboutFile ? `${file}: ${text}` : text;
}
