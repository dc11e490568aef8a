import { appendFileSync } from "node:fs";
import type { BenchResult } from "../bench/result.js";
import type { TursoPoolError } from "../core/errors.js";
import { githubCommands } from "../report/outputs/github-commands.js";
import { markdown } from "../report/outputs/markdown.js";
import { unwritable } from "./outputs.js";

/** Where the runner of a GitHub workflow wants a step's summary; set to nothing is as not set. */
const SUMMARY = "GITHUB_STEP_SUMMARY";

/** What is to be told after {@link reportToGithub}. */
export interface GithubReport {
  /** Annotations, a line each: for stdout, or for stderr where stdout is a JSON document. GitHub reads both. */
  readonly commands: readonly string[];
  /** The summary could not be written; the exit status says so. */
  readonly error: TursoPoolError | undefined;
}

/**
 * Finds out before the load whether the summary can be appended to.
 * @returns a line for stderr when there is no summary to append to, as on one's own machine
 * @throws {TursoPoolError} `INVALID_OPTION`, naming the file
 */
export function checkGithub(env: NodeJS.ProcessEnv): string | undefined {
  const error = append(env, "");
  if (error !== undefined) throw error;
  return env[SUMMARY] ? undefined : `--github: ${SUMMARY} is not set, so no summary will be written.`;
}

/** Appends the summary, and says which annotations to print. */
export function reportToGithub(result: BenchResult, env: NodeJS.ProcessEnv): GithubReport {
  return { commands: githubCommands(result), error: append(env, `\n${markdown(result)}`) };
}

function append(env: NodeJS.ProcessEnv, text: string): TursoPoolError | undefined {
  const file = env[SUMMARY];
  if (!file) return undefined;
  try {
    appendFileSync(file, text);
    return undefined;
  } catch (error) {
    return unwritable(file, error, SUMMARY);
  }
}
