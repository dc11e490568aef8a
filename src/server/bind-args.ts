import { RequestError } from "./hrana-errors.js";
import type { EngineValue } from "./protocol.js";
import type { ScannedStatement } from "../core/sql/scan.js";

/** Arguments as they came with a statement. */
export interface GivenArgs {
  readonly args: readonly EngineValue[];
  readonly namedArgs: ReadonlyMap<string, EngineValue>;
}

/** For statements that came without any, as those of a sequence do. */
export const NO_ARGS: GivenArgs = { args: [], namedArgs: new Map() };

/**
 * Values for every parameter of a statement, in order.
 *
 * All are given each time, because a statement that is run again keeps the values it had.
 * The rules are sqld's: positional values go to `?` and `?NNN`, named ones to `:a`, `@a` and `$a` with or
 * without the prefix; too many, or a missing one, is an error.
 * @throws {RequestError} `ARGS_INVALID` or `ARGS_BOTH_POSITIONAL_AND_NAMED`.
 */
export function bindArgs(
  statement: ScannedStatement,
  { args, namedArgs }: GivenArgs,
): readonly EngineValue[] {
  const { parameters } = statement;
  if (args.length > 0 && namedArgs.size > 0) {
    throw new RequestError(
      "ARGS_BOTH_POSITIONAL_AND_NAMED",
      "Specifying both positional and named arguments is not supported",
    );
  }
  const given = Math.max(args.length, namedArgs.size);
  if (given > parameters.length)
    throw invalid(`too many parameters, expected ${parameters.length} found ${given}`);

  const values: EngineValue[] = [];
  for (const [index, name] of parameters.entries()) {
    const isPositional = name === null || name.startsWith("?");
    const value = isPositional ? args[index] : named(namedArgs, name);
    if (value === undefined && !statement.isExplain)
      throw invalid(`value for parameter ${name ?? index + 1} not found`);
    values.push(value ?? null);
  }
  return values;
}

/** Looked for with its prefix first; a null that was given is a value. */
function named(values: ReadonlyMap<string, EngineValue>, name: string): EngineValue | undefined {
  const value = values.get(name);
  return value === undefined ? values.get(name.slice(1)) : value;
}

function invalid(why: string): RequestError {
  return new RequestError("ARGS_INVALID", `Arguments do not match SQL parameters: ${why}`);
}
