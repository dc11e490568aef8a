import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { expect } from "vitest";

const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats.default(ajv);
// That of `stats` refers to it.
ajv.addSchema(definitionOf("statistics"));

/** Parses what a command printed with `--json`, and holds it to a schema in `docs/`. */
export function parseJson(
  stdout: string,
  schema:
    | "bench-result"
    | "compare-result"
    | "error"
    | "ping-result"
    | "rehearsal-result"
    | "serve"
    | "statistics"
    | "stats-result"
    | "tune-result",
): unknown {
  const document = JSON.parse(stdout) as object;
  const definition = definitionOf(schema);
  const validate = ajv.getSchema(definition.$id) ?? ajv.compile(definition);
  void validate(document);
  expect(validate.errors ?? []).toEqual([]);
  expect(Object.keys(document)[0]).toBe("schema_version");
  return document;
}

function definitionOf(schema: string): { $id: string } {
  const file = new URL(`../../docs/${schema}.schema.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as { $id: string };
}
