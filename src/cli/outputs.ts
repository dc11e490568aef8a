import { existsSync } from "node:fs";
import { dirname, join, parse } from "node:path";
import type { BenchResult } from "../bench/result.js";
import { TursoPoolError } from "../core/errors.js";
import { hgrm } from "../report/outputs/hgrm.js";
import { probe, writeWhole } from "./output-file.js";
import { rendererOf, type Output } from "./output-kinds.js";

/**
 * Finds out before the load whether every output can be written, and that no two of them are one file.
 * @param contestants the names of those that will run
 * @throws {TursoPoolError} `INVALID_OPTION`, naming the file
 */
export function checkWritable(outputs: readonly Output[], contestants: readonly string[]): void {
  const taken = new Set<string>();
  for (const path of outputs.flatMap((output) => pathsOf(output, contestants))) {
    let target: string;
    try {
      target = probe(path);
    } catch (error) {
      throw unwritable(path, error);
    }
    if (taken.has(target)) {
      throw new TursoPoolError("INVALID_OPTION", `--output: ${path} is given twice`, {
        hint: "Give each output a file of its own.",
      });
    }
    taken.add(target);
  }
}

/**
 * Writes every output, each whole or not at all.
 * @returns an error (`INVALID_OPTION`) for each file that could not be written; the others are
 */
export function writeOutputs(outputs: readonly Output[], result: BenchResult): TursoPoolError[] {
  return outputs
    .flatMap((output) => filesOf(output, result))
    .flatMap(({ path, text }) => {
      try {
        writeWhole(path, text());
        return [];
      } catch (error) {
        return [unwritable(path, error)];
      }
    });
}

function filesOf(output: Output, result: BenchResult): { path: string; text: () => string }[] {
  const render = rendererOf(output.kind);
  if (render !== "for each contestant") return [{ path: output.path, text: () => render(result) }];
  const { strategies } = result;
  const paths = pathsOf(
    output,
    strategies.map(({ name }) => name),
  );
  return strategies.map((strategy, at) => ({ path: paths[at] ?? output.path, text: () => hgrm(strategy) }));
}

/** A file of HDR percentiles holds one histogram: of several contestants each gets `<file>.<contestant>.hgrm`. */
function pathsOf({ kind, path }: Output, contestants: readonly string[]): string[] {
  if (rendererOf(kind) !== "for each contestant" || contestants.length <= 1) return [path];
  const { dir, name, ext } = parse(path);
  return contestants.map((contestant) => join(dir, `${name}.${contestant}${ext}`));
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "its directory does not exist",
  ENOTDIR: "its directory is a file",
  EISDIR: "it is a directory",
  ENOTFILE: "it is not a regular file",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left",
  EFBIG: "it would be too large",
  EDQUOT: "the quota is used up",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "too many symbolic links",
};

/** @throws what is not an error of the file system, which is a bug */
export function unwritable(path: string, error: unknown, option = "--output"): TursoPoolError {
  const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
  if (code === undefined) throw error;
  // As in /proc, or through a link to nowhere.
  const why =
    code === "ENOENT" && existsSync(dirname(path)) ? "no file can be made there" : (WHY[code] ?? code);
  return new TursoPoolError("INVALID_OPTION", `${option}: can't write ${path}: ${why}`, { cause: error });
}
