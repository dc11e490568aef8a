import { Parser } from "@oclif/core";
import { TursoPoolError } from "../core/errors.js";
import { flagsFromFile, inWordsOf } from "./config-file/flags-from-file.js";
import type { ConfigFile } from "./config-file/settings.js";
import { poolFlags, poolSettings } from "./flags.js";
import { oneLine } from "./one-line.js";

type PoolFlagValues = { readonly [Name in keyof typeof poolFlags]?: number | undefined };

/** The pool's flags, with what else is known of the pool that is used now. */
export interface Current<F extends PoolFlagValues> {
  readonly flags: F;
  /** What sets them: flags, variables, files. */
  readonly sources: readonly string[];
}

/**
 * What a file that is to be changed says of the pool is what is used now, unless something else says otherwise: so that
 * what was applied to it is measured, and not found better than the defaults once more.
 * @throws {TursoPoolError} `INVALID_OPTION`, naming the file and the setting
 */
export async function withPoolOf<F extends PoolFlagValues>(
  { name, settings: { pool } }: ConfigFile,
  { flags, sources }: Current<F>,
): Promise<Current<F>> {
  if (pool === undefined) return { flags, sources };
  const names = Object.keys(poolFlags) as (keyof typeof poolFlags)[];
  const given = new Set<string>(names.filter((flag) => flags[flag] !== undefined));
  const command = { id: "tune", flags: poolFlags, given, env: {} };
  const { argv, paths } = flagsFromFile({ name, settings: { pool } }, command);
  if (paths.size === 0) return { flags, sources };
  try {
    const { flags: more } = await Parser.parse([...argv], { flags: poolFlags });
    const all = { ...more, ...defined(flags) };
    // Together they may be wrong where each is right.
    poolSettings(all);
    return { flags: all, sources: [...sources, name] };
  } catch (error) {
    if (!(error instanceof TursoPoolError)) throw error;
    throw new TursoPoolError(error.code, `--apply: ${inWordsOf(name, paths, oneLine(error.message))}`, {
      hint: error.hint,
    });
  }
}

function defined<T extends object>(values: T): T {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
}
