import type { SchemaObject } from "ajv";
import { printable } from "../core/printable.js";
import { TursoPoolError } from "../core/errors.js";
import { SCHEMA_VERSION, type BenchResult } from "./result.js";
import { contradictionIn } from "./saved-result/contradiction.js";
import { parseJson } from "./saved-result/parse-json.js";
import { misfitOf } from "./saved-result/misfit.js";

const SAVE = "Save one with bench --output result.json.";
const AGAIN = "Measure it again with bench --output result.json.";

/**
 * Reads a result that `bench` saved, and holds it to its schema: nothing in a file is taken on trust.
 * @param where what the text is called in a refusal, such as `--baseline: base.json`.
 * @param schema `docs/bench-result.schema.json`; as this part of the program does not read files, whoever calls does.
 * @throws {TursoPoolError} `INVALID_OPTION`, naming the file, the place in it, and what to do.
 */
export function parseSavedResult(text: string, where: string, schema: SchemaObject): BenchResult {
  const document = parseJson(text, (what) => refusal(where, what, AGAIN));
  const stranger = strangerIn(document);
  if (stranger !== null) throw refusal(where, stranger, SAVE);
  const version = (document as { schema_version?: unknown }).schema_version;
  if (version !== SCHEMA_VERSION) throw otherVersion(where, version);
  const fit = misfitOf<BenchResult>(document, schema);
  if ("misfit" in fit) throw refusal(where, `it is damaged: ${fit.misfit}`, AGAIN);
  const contradiction = contradictionIn(fit.result);
  if (contradiction !== null) throw refusal(where, `it is damaged: ${contradiction}`, AGAIN);
  return fit.result;
}

/**
 * Refuses a result that cannot be what a run is gated by: one that was interrupted is not what its plan says, and
 * has too few rounds to tell.
 * @throws {TursoPoolError} `INVALID_OPTION`
 */
export function checkWhole(result: BenchResult, where: string): BenchResult {
  if (!result.interrupted) return result;
  throw refusal(where, "its run was interrupted, so that it is no measure for others", AGAIN);
}

/** What a document is that is no result at all, whatever its version; `null` for one that may be. */
function strangerIn(document: unknown): string | null {
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    const what = Array.isArray(document) ? "a list" : document === null ? "null" : `a ${typeof document}`;
    return `it is not a result of bench, but ${what}`;
  }
  const { command, error, strategies } = document as Record<string, unknown>;
  if (typeof error === "object" && error !== null && strategies === undefined) {
    const { code } = error as { code?: unknown };
    const which = typeof code === "string" ? ` (${printable(code).slice(0, 40)})` : "";
    return `it holds an error${which}, not a result of bench`;
  }
  if (command === "bench") return null;
  return typeof command === "string"
    ? `it is from ${printable(command).slice(0, 40)}, not a result of bench`
    : "it is not a result of bench";
}

function otherVersion(where: string, version: unknown): TursoPoolError {
  const has = typeof version === "number" ? `schema version ${version}` : "no schema version";
  const isNewer = typeof version === "number" && version > SCHEMA_VERSION;
  return refusal(
    where,
    `it has ${has}, and this turso-pool reads version ${SCHEMA_VERSION}`,
    isNewer ? `Update turso-pool, or m${AGAIN.slice(1)}` : AGAIN,
  );
}

function refusal(where: string, what: string, hint: string): TursoPoolError {
  return new TursoPoolError("INVALID_OPTION", `${where}: ${what}`, { hint });
}
