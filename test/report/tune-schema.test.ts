import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";
import { describe, expect, it } from "vitest";
import { LAYERS, PHASES, SETTINGS } from "../../src/tune/result.js";
import { AIMS, WORKLOADS } from "../../src/tune/profile.js";
import { EVERY_RESULT, tunePlanResult, tuneResult } from "../support/tune-results.js";

interface Definition {
  readonly properties: Readonly<
    Record<string, { readonly enum?: readonly string[]; readonly items?: unknown }>
  >;
}

const schema = JSON.parse(
  readFileSync(new URL("../../docs/tune-result.schema.json", import.meta.url), "utf8"),
) as { readonly definitions: Readonly<Record<string, Definition>> };
const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
addFormats.default(ajv);
const validate = ajv.compile(schema);

function mistakesIn(document: unknown): unknown {
  // As it is printed, and read again.
  void validate(JSON.parse(JSON.stringify(document)));
  return validate.errors ?? [];
}

describe("the schema of what tune --json prints", () => {
  it.each(Object.entries(EVERY_RESULT))("has room for a result: %s", (_, make) => {
    expect(mistakesIn(make())).toEqual([]);
  });

  it("has room for a plan", () => {
    expect(mistakesIn(tunePlanResult())).toEqual([]);
  });

  it("refuses what is missing, and what it does not know", () => {
    const { verdict, ...rest } = tuneResult();
    expect(verdict.verdict).toBe("use the recommended settings");
    expect(mistakesIn(rest)).not.toEqual([]);
    expect(mistakesIn({ ...tuneResult(), more: 1 })).not.toEqual([]);
    expect(mistakesIn({ ...tunePlanResult(), dry_run: false })).not.toEqual([]);
  });

  it.each([
    ["phase", "phase", PHASES],
    ["layer", "layer", LAYERS],
    ["setting", "setting", SETTINGS],
    ["profile", "name", [...WORKLOADS, "own"]],
  ])("knows every %s by the code's own words", (definition, property, words) => {
    expect(schema.definitions[definition]?.properties[property]?.enum).toEqual(words);
  });

  it("knows what a profile can be judged by", () => {
    expect(schema.definitions.profile?.properties.aims?.items).toEqual({ enum: AIMS });
  });
});
