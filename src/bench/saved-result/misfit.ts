import { Ajv, type ErrorObject, type SchemaObject } from "ajv";
import { printable } from "../../core/printable.js";

/** A document that has the shape of a schema, or the first thing in which it has not. */
export type Fit<Result> = { readonly result: Result } | { readonly misfit: string };

/** Holds a document to a schema. @throws when the schema is none */
export function misfitOf<Result>(document: unknown, schema: SchemaObject): Fit<Result> {
  const formats = { "date-time": (text: string) => !Number.isNaN(Date.parse(text)) };
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, verbose: true, formats });
  const validate = ajv.compile<Result>(schema);
  if (validate(document)) return { result: document };
  const [error] = validate.errors ?? [];
  if (error === undefined) throw new Error("bug: a refusal without a reason");
  return { misfit: inWords(error) };
}

function inWords({ keyword, instancePath, params, message = "is wrong", data }: ErrorObject): string {
  const keys = instancePath.split("/").slice(1);
  switch (keyword) {
    case "required":
      return `${pathOf([...keys, String(params.missingProperty)])} is missing`;
    case "additionalProperties":
      return `${pathOf([...keys, String(params.additionalProperty)])} is not part of a result`;
    case "enum":
      return `${pathOf(keys)}: ${shown(data)} is none of ${(params.allowedValues as unknown[]).join(", ")}`;
    default:
      return `${pathOf(keys)}: ${shown(data)} ${message}`;
  }
}

/** `strategies[0].rounds[2].operations` */
export function pathOf(keys: readonly (string | number)[]): string {
  return printable(
    keys
      .map((key) => (/^\d+$/.test(String(key)) ? `[${key}]` : `.${String(key).slice(0, LONGEST)}`))
      .join("")
      .replace(/^\./, ""),
  );
}

const LONGEST = 60;

function shown(data: unknown): string {
  if (Array.isArray(data)) return "a list";
  if (typeof data === "object" && data !== null) return "an object";
  const text = printable(JSON.stringify(data));
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
