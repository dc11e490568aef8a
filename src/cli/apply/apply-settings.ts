import { readFileSync, statSync } from "node:fs";
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { TursoPoolError } from "../../core/errors.js";
import { redact } from "../../libsql/redaction.js";
import type { TuneResult } from "../../tune/result.js";
import { parseSettings } from "../config-file/read.js";
import type { ConfigFile } from "../config-file/settings.js";
import { probe, writeWhole } from "../output-file.js";
import { unwritable } from "../outputs.js";
import { withValues } from "./edit-json.js";
import { notSaidYet, overridden, poolValues } from "./pool-values.js";
import { urlAdvice } from "./url-advice.js";

/** What became of a configuration file, for people. */
export interface Applied {
  readonly outcome: "written" | "already so" | "left alone";
  /** What happened, in a sentence. */
  readonly message: string;
  /** A unified diff, without secrets; empty where nothing was written. */
  readonly diff: string;
  /** What is left to do by hand, a sentence each. */
  readonly advice: readonly string[];
}

/**
 * Finds out before anything is measured whether settings can be written to this file, and what it says.
 * @throws {TursoPoolError} `INVALID_OPTION`, naming the file, and the place in it
 */
export async function checkApplicable(file: string): Promise<ConfigFile> {
  if (file === "") throw refused("the name of the file is empty");
  const { settings } = await read(file);
  try {
    probe(file);
  } catch (error) {
    throw unwritable(file, error, "--apply");
  }
  return { name: file, settings };
}

/**
 * Writes what was recommended into a configuration file, if it was; one that is not there is made.
 * @throws {TursoPoolError} `INVALID_OPTION` when the file cannot be written, or is no configuration file any more
 */
export async function applySettings(file: string, result: TuneResult): Promise<Applied> {
  const why = whyNot(result);
  if (why !== undefined) return leftAlone(`${file} is left as it is: ${why}`);
  const values = poolValues(result);
  // It may have been changed while the database was measured.
  const { text, settings } = await read(file);
  const { recommended, now } = result.settings.find(({ setting }) => setting === "transport") ?? {};
  const advice = [
    ...overridden(values, settings).map(
      (path) => `${file} sets ${path} too, which wins there: take it out, or change it.`,
    ),
    ...(recommended === now ? [] : urlAdvice(file, text ?? "{}", settings.url, recommended)),
  ];
  const missing = notSaidYet(values, settings);
  if (missing.size === 0)
    return { outcome: "already so", message: `${file} already says so.`, diff: "", advice };
  const edited = withValues(text ?? "{}\n", "pool", missing);
  // Never write what would not be read.
  await parseSettings(edited, file);
  try {
    writeWhole(file, edited);
  } catch (error) {
    throw unwritable(file, error, "--apply");
  }
  const message = text === undefined ? `Made ${file}:` : `Changed ${file}:`;
  return { outcome: "written", message, diff: difference(file, text, edited), advice };
}

function whyNot({ verdict: { verdict }, interrupted, error }: TuneResult): string | undefined {
  if (interrupted) return "tuning was interrupted.";
  if (error !== null) return "tuning did not come to its end.";
  return verdict === "use the recommended settings" ? undefined : `the verdict is “${verdict}”.`;
}

function leftAlone(message: string): Applied {
  return { outcome: "left alone", message, diff: "", advice: [] };
}

interface Read {
  /** `undefined` when there is no such file. */
  readonly text: string | undefined;
  readonly settings: ConfigFile["settings"];
}

async function read(file: string): Promise<Read> {
  let bytes: Buffer;
  try {
    // What is no regular file may never end.
    const found = statSync(file);
    if (!found.isFile())
      throw refused(`${file}: ${found.isDirectory() ? "it is a directory" : "it is not a regular file"}`);
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof TursoPoolError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { text: undefined, settings: {} };
    throw refused(`${file}: cannot be read (${code ?? String(error)})`);
  }
  const text = bytes.toString("utf8");
  // Whatever is not text would be lost in writing it.
  if (!Buffer.from(text).equals(bytes)) throw refused(`${file}: it is not text in UTF-8`);
  try {
    return { text, settings: await parseSettings(text, file) };
  } catch (error) {
    if (!(error instanceof TursoPoolError)) throw error;
    throw new TursoPoolError("INVALID_OPTION", `--apply: ${error.message}`, {
      hint: error.hint ?? "Correct it first: it is left as it is.",
    });
  }
}

function refused(message: string): TursoPoolError {
  return new TursoPoolError("INVALID_OPTION", `--apply: ${message}`);
}

/** Lines around what changed may hold a URL with a token. */
function difference(file: string, before: string | undefined, after: string): string {
  const options = { context: 3, stripTrailingCr: true, headerOptions: FILE_HEADERS_ONLY };
  const from = before === undefined ? "/dev/null" : file;
  const patch = createTwoFilesPatch(from, file, before ?? "", after, undefined, undefined, options);
  return redact(patch).trimEnd();
}
