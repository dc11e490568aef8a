import { readFile } from "node:fs/promises";
import type { SchemaObject } from "ajv";
import type { BenchResult } from "../bench/result.js";
import { printable } from "../core/printable.js";
import { readText } from "./read-text.js";

/** From dist/ as from src/. */
const SCHEMA = new URL("../../docs/bench-result.schema.json", import.meta.url);

/** In MiB: a hundred rounds of four strategies take a twentieth of this. */
const LARGEST = 64;

/**
 * A result that `bench` saved, held to its schema.
 * @param flag which one named the file, such as `--baseline`; none for an argument.
 * @throws {TursoPoolError} `INVALID_OPTION`, in one line that names the file and says what to do.
 */
export async function readResult(file: string, flag?: string, signal?: AbortSignal): Promise<BenchResult> {
  const where = whereOf(file, flag);
  const hint = "Save a result with bench --output result.json.";
  const text = await readText({ file, where, largest: LARGEST, hint }, signal);
  const schema = JSON.parse(await readFile(SCHEMA, "utf8")) as SchemaObject;
  // Most runs read no result, and need not load what checks it.
  const { parseSavedResult } = await import("../bench/saved-result.js");
  return parseSavedResult(text, where, schema);
}

/** As {@link readResult}, for a result to gate others by: one of an interrupted run is refused too. */
export async function readBaseline(file: string, flag: string, signal: AbortSignal): Promise<BenchResult> {
  const result = await readResult(file, flag, signal);
  const { checkWhole } = await import("../bench/saved-result.js");
  return checkWhole(result, whereOf(file, flag));
}

const whereOf = (file: string, flag?: string): string =>
  flag === undefined ? printable(file) : `${flag}: ${printable(file)}`;
