import type { SchemaObject } from "ajv";
import { misfitOf } from "../bench/saved-result/misfit.js";
import { parseJson } from "../bench/saved-result/parse-json.js";
import { printable } from "../core/printable.js";
import { redact } from "../libsql/redaction.js";
import { SNAPSHOT_VERSION, type PoolSnapshot } from "../monitor/result.js";

const LONGEST_NAME = 60;

/**
 * Reads what an application says of its pool, and holds it to its schema: nothing of it is taken on trust.
 * @param schema `docs/statistics.schema.json`; as this part of the program does not read files, whoever calls does.
 * @throws what `refuse` makes of what is wrong, and of what to do about it where that is special
 */
export function parseStatistics(
  text: string,
  schema: SchemaObject,
  refuse: (what: string, hint?: string) => Error,
): PoolSnapshot {
  const document = parseJson(text, refuse);
  const version: unknown =
    typeof document === "object" &&
    document !== null &&
    "schema_version" in document &&
    "statistics" in document
      ? document.schema_version
      : undefined;
  if (typeof version !== "number") throw refuse("these are no statistics of a pool");
  if (version !== SNAPSHOT_VERSION) {
    throw refuse(
      `they have schema version ${version}, and this turso-pool reads version ${SNAPSHOT_VERSION}`,
      version > SNAPSHOT_VERSION ? "Update turso-pool." : "Update the application's turso-pool.",
    );
  }
  const fit = misfitOf<PoolSnapshot>(document, schema);
  if ("misfit" in fit) {
    throw refuse(
      `they are not what statistics of a pool are: ${fit.misfit}`,
      "The application and this turso-pool are of different versions: use the same.",
    );
  }
  const { name } = fit.result;
  return { ...fit.result, name: printable(redact(name)).slice(0, LONGEST_NAME) };
}
