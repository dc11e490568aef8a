import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { format, resolveConfig } from "prettier";
import { describe, expect, it } from "vitest";
import { configSchema, type Schema } from "../../src/cli/config-file/schema.js";
import { poolFlags } from "../../src/cli/flags.js";
import { allCommands } from "../support/commands.js";

const FILE = fileURLToPath(new URL("../../docs/config.schema.json", import.meta.url));

/** `max-connections` → `maxConnections`. */
const camel = (flag: string): string =>
  flag
    .split("-")
    .map((word, index) => (index === 0 ? word : `${word.charAt(0).toUpperCase()}${word.slice(1)}`))
    .join("");

describe("docs/config.schema.json", () => {
  it("is what the flags make it: if not, npx vitest run test/cli-unit/config-schema.test.ts -u", async () => {
    const schema = JSON.stringify(configSchema(await allCommands()));
    const text = await format(schema, { ...(await resolveConfig(FILE)), parser: "json" });
    await expect(text).toMatchFileSnapshot(FILE);
  });

  it("has a section for every command with exactly its flags, and the pool's by the library's names", async () => {
    const commands = (await allCommands()).filter(({ flags }) => Object.keys(flags).length > 0);
    const { properties = {} } = configSchema(commands);
    for (const { id, flags } of commands) {
      expect(Object.keys(properties[id]?.properties ?? {}).sort()).toEqual(
        Object.keys(flags).map(camel).sort(),
      );
    }
    expect(Object.keys(properties).sort()).toEqual(
      ["$schema", "connectTimeout", "pool", "url", ...commands.map(({ id }) => id)].sort(),
    );
    expect(Object.keys(properties.pool?.properties ?? {})).toHaveLength(Object.keys(poolFlags).length);
    expect(Object.keys(properties.pool?.properties ?? {})).toEqual(
      expect.arrayContaining(["minConnections", "maxConnections", "keepAliveInterval", "idleTimeout"]),
    );
  });

  it("is a strict schema, and describes everything", async () => {
    const schema = JSON.parse(readFileSync(FILE, "utf8")) as Schema;
    expect(() => new Ajv({ strict: true }).compile(schema)).not.toThrow();
    const all = (one: Schema): Schema[] => [one, ...Object.values(one.properties ?? {}).flatMap(all)];
    for (const one of all(schema)) {
      expect(one.description, JSON.stringify(one)).toMatch(/\S/);
      if (one.type === "object") expect(one.additionalProperties).toBe(false);
    }
  });
});
