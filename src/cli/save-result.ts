import type { BenchResult } from "../bench/result.js";
import type { TursoPoolError } from "../core/errors.js";
import { reportToGithub } from "./github.js";
import type { Output } from "./output-kinds.js";
import { writeOutputs } from "./outputs.js";

/**
 * Puts a result everywhere that was asked for.
 * @param print for the annotations of a GitHub workflow, a line each
 * @returns an error for each place that it could not be put; it is in the others
 */
export function saveResult(
  result: BenchResult,
  outputs: readonly Output[],
  github: boolean,
  print: (line: string) => void,
): TursoPoolError[] {
  const unwritten = writeOutputs(outputs, result);
  if (!github) return unwritten;
  const { commands, error } = reportToGithub(result, process.env);
  commands.forEach(print);
  return error ? [...unwritten, error] : unwritten;
}
