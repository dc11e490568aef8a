import { readFileSync } from "node:fs";
import { Ajv, type ErrorObject } from "ajv";
import { closestMatch } from "leven";
import { TursoPoolError } from "../../core/errors.js";
import { keyOf } from "./keys.js";
import { isDuration, type Schema } from "./schema.js";
import type { ConfigFile } from "./settings.js";

/** From dist/ as from src/. */
const SCHEMA = new URL("../../../docs/config.schema.json", import.meta.url);

/** More keys than these are not listed in a line. */
const MOST_LISTED = 12;

/** @throws {TursoPoolError} `INVALID_OPTION`, naming the file, the key, and what is allowed. */
export function checkSettings(document: unknown, file: string): ConfigFile["settings"] {
  const schema = JSON.parse(readFileSync(SCHEMA, "utf8")) as Schema;
  const validate = new Ajv({ strict: true, verbose: true }).compile<ConfigFile["settings"]>(schema);
  if (validate(document)) return document;
  const [error] = validate.errors ?? [];
  if (error === undefined) throw new Error("a refusal without a reason");
  throw new TursoPoolError("INVALID_OPTION", `${file}: ${mistake(error, schema)}`, { hint: hintFor(error) });
}

function mistake(error: ErrorObject, schema: Schema): string {
  const { instancePath, data } = error;
  const keys = instancePath.split("/").slice(1);
  if (error.keyword === "additionalProperties") {
    const key = String(error.params.additionalProperty);
    return `${pathOf([...keys, key])}: there is no such setting; ${instead(keys, key, error, schema)}`;
  }
  const where = keys.length === 0 ? "" : `${pathOf(keys)}: `;
  return `${where}${show(data)} is not ${allowed(error.parentSchema ?? {}, data)}`;
}

/** `bench.strategy[0]` */
function pathOf(keys: readonly string[]): string {
  return keys.reduce(
    (path, key) => (/^\d+$/.test(key) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`),
    "",
  );
}

/** What a key that is not there may have been meant to be. */
function instead(keys: readonly string[], key: string, error: ErrorObject, schema: Schema): string {
  const here = Object.keys(error.parentSchema?.properties as object).filter((name) => name !== "$schema");
  const wanted = keyOf(key);
  if (here.includes(wanted)) return `did you mean ${wanted}?`;
  const elsewhere = Object.entries(schema.properties ?? {})
    .filter(([name, { properties }]) => name === wanted || Object.hasOwn(properties ?? {}, wanted))
    .map(([name]) => (name === wanted ? name : `${name}.${wanted}`));
  if (elsewhere.length > 0) return `did you mean ${elsewhere.join(" or ")}?`;
  const near = closestMatch(wanted, here, { maxDistance: Math.max(2, Math.floor(wanted.length / 3)) });
  if (near !== undefined) return `did you mean ${near}?`;
  if (here.length <= MOST_LISTED) return `allowed are ${here.join(", ")}`;
  return `allowed are the flags of ${pathOf(keys)} in camelCase`;
}

/** What would have been right, as "is not …" goes on. */
function allowed(schema: Schema, data: unknown): string {
  if (isDuration(schema)) {
    const bare = /^\d+(\.\d+)?$/.test(String(data)) ? String(data) : undefined;
    return bare === undefined
      ? 'a duration such as "250ms", "30s" or "2m"'
      : `a duration with a unit: write "${bare}ms" or "${bare}s"`;
  }
  if (schema.enum) {
    const near = typeof data === "string" ? closestMatch(data, schema.enum, { maxDistance: 2 }) : undefined;
    return `one of ${schema.enum.join(", ")}${near === undefined ? "" : `; did you mean ${near}?`}`;
  }
  switch (schema.type) {
    case "integer":
      return `a whole number from ${schema.minimum}${schema.maximum === undefined ? "" : ` to ${schema.maximum}`}`;
    case "boolean":
      return "true or false";
    case "array":
      return typeof data === "string" ? `a list: write [${show(data)}]` : "a list";
    case "object":
      return "an object in { }";
    case "string":
    case undefined:
    default:
      return typeof data === "number" ? `text in quotes: write "${data}"` : "text in quotes";
  }
}

/** Never what is in an object or a list: that may be a secret out of place. */
function show(data: unknown): string {
  if (Array.isArray(data)) return "a list";
  if (typeof data === "object" && data !== null) return "an object";
  const text = JSON.stringify(data);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function hintFor(error: ErrorObject): string | undefined {
  return /token/i.test(String(error.params.additionalProperty ?? ""))
    ? "A token belongs in TURSO_AUTH_TOKEN, not in a file."
    : undefined;
}
