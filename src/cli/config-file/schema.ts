import type { Interfaces } from "@oclif/core";
import { duration, wholeNumber } from "../flags.js";
import { POOL_KEYS, sectionKeys, TOP_KEYS } from "./keys.js";

/** As much of JSON Schema (draft 7) as {@link configSchema} uses. */
export interface Schema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly title?: string;
  readonly description?: string;
  readonly type?: "object" | "string" | "integer" | "boolean" | "array";
  readonly additionalProperties?: false;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

const DURATION: Schema = {
  title: "A duration with its unit, such as 250ms, 30s or 2m",
  type: "string",
  pattern: "^\\s*\\d+(\\.\\d+)?(ms|s|m|h)\\s*$",
};

export function isDuration(schema: Schema): boolean {
  return schema.title === DURATION.title;
}

/** A command as a configuration file sees it. */
export interface ConfigurableCommand {
  readonly id: string;
  readonly summary: string | undefined;
  readonly flags: Interfaces.FlagInput;
}

/**
 * The schema of configuration files, made from the commands' flags. What it says is in `docs/config.schema.json`;
 * `npx vitest run test/cli-unit/config-schema.test.ts -u` writes that file.
 */
export function configSchema(commands: readonly ConfigurableCommand[]): Schema {
  const withFlags = commands.filter((command) => Object.keys(command.flags).length > 0);
  const flags = Object.fromEntries(commands.flatMap((command) => Object.entries(command.flags)));
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "turso-pool/config.v1",
    title: "Configuration file of turso-pool",
    description:
      "Flags in a file: keys are the flags' names in camelCase. Flags win over the environment, the environment over this file, and a command's own section over the rest of it. Paths are relative to the working directory.",
    type: "object",
    additionalProperties: false,
    definitions: { duration: DURATION },
    properties: {
      $schema: { type: "string", description: "Where this schema is, for editors." },
      ...propertiesFor(TOP_KEYS, flags),
      pool: {
        description:
          "The pools' options, by the names that the library has for them; for every command with pools.",
        type: "object",
        additionalProperties: false,
        properties: propertiesFor(POOL_KEYS, flags),
      },
      ...Object.fromEntries(
        withFlags.map(({ id, summary, flags }) => [
          id,
          {
            description: summary ?? `Flags of ${id}.`,
            type: "object",
            additionalProperties: false,
            properties: propertiesFor(sectionKeys(flags), flags),
          } satisfies Schema,
        ]),
      ),
    },
  };
}

function propertiesFor(
  keys: ReadonlyMap<string, string>,
  flags: Interfaces.FlagInput,
): Record<string, Schema> {
  return Object.fromEntries(
    [...keys].flatMap(([key, name]) => {
      const flag = flags[name];
      return flag === undefined ? [] : [[key, propertyFor(flag)]];
    }),
  );
}

type AnyFlag = Interfaces.FlagInput[string];

function propertyFor(flag: AnyFlag): Schema {
  const description = flag.summary ?? flag.description;
  const about = description === undefined ? {} : { description };
  if (flag.type === "boolean") return { ...about, type: "boolean" };
  const one = valueOf(flag);
  if (flag.multiple) return { ...about, type: "array", items: one };
  // Beside a reference, draft 7 ignores everything.
  return one.$ref === undefined ? { ...about, ...one } : { ...about, allOf: [one] };
}

function valueOf(flag: AnyFlag & { readonly least?: number; readonly most?: number }): Schema {
  if (flag.type === "option" && flag.options) return { type: "string", enum: flag.options };
  if (flag.parse === duration().parse) return { $ref: "#/definitions/duration" };
  if (flag.parse !== wholeNumber().parse) return { type: "string" };
  return {
    type: "integer",
    minimum: flag.least ?? 1,
    ...(flag.most === undefined ? {} : { maximum: flag.most }),
  };
}
