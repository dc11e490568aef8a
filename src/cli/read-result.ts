import { open, readFile } from "node:fs/promises";
import type { SchemaObject } from "ajv";
import type { BenchResult } from "../bench/result.js";
import { TursoPoolError } from "../core/errors.js";
import { printable } from "../core/printable.js";

/** From dist/ as from src/. */
const SCHEMA = new URL("../../docs/bench-result.schema.json", import.meta.url);

/** A hundred rounds of four strategies take a twentieth of this. */
const LARGEST = 64 * 2 ** 20;

/**
 * A result that `bench` saved, held to its schema.
 * @param flag which one named the file, such as `--baseline`; none for an argument.
 * @throws {TursoPoolError} `INVALID_OPTION`, in one line that names the file and says what to do.
 */
export async function readResult(file: string, flag?: string): Promise<BenchResult> {
  const where = whereOf(file, flag);
  const text = await textOf(file, where);
  const schema = JSON.parse(await readFile(SCHEMA, "utf8")) as SchemaObject;
  // Most runs read no result, and need not load what checks it.
  const { parseSavedResult } = await import("../bench/saved-result.js");
  return parseSavedResult(text, where, schema);
}

/** As {@link readResult}, for a result to gate others by: one of an interrupted run is refused too. */
export async function readBaseline(file: string, flag: string): Promise<BenchResult> {
  const result = await readResult(file, flag);
  const { checkWhole } = await import("../bench/saved-result.js");
  return checkWhole(result, whereOf(file, flag));
}

const whereOf = (file: string, flag?: string): string =>
  flag === undefined ? printable(file) : `${flag}: ${printable(file)}`;

async function textOf(file: string, where: string): Promise<string> {
  try {
    await using handle = await open(file);
    // Neither a pipe nor a device knows how much there is to come.
    const bytes = Buffer.concat(await handle.createReadStream({ end: LARGEST, autoClose: false }).toArray());
    if (bytes.length > LARGEST) throw refused(where, "it is over 64 MiB, and no result of bench is");
    return decoded(bytes);
  } catch (error) {
    if (error instanceof TursoPoolError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw refused(where, WHY[code] ?? `it cannot be read (${code})`);
  }
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "it cannot be read: permission denied",
  EPERM: "it cannot be read: permission denied",
};

/** What a shell on Windows redirects is UTF-16. */
function decoded(bytes: Buffer): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8").decode(bytes);
}

function refused(where: string, what: string): TursoPoolError {
  return new TursoPoolError("INVALID_OPTION", `${where}: ${what}`, {
    hint: "Save a result with bench --output result.json.",
  });
}
