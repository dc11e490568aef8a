import { parse } from "@humanwhocodes/momoa";
import { printable } from "../../core/printable.js";

/** Longer texts are not searched for a mistake: that takes seconds, and a lot of memory. */
const LONGEST_SEARCHED = 8 * 2 ** 20;

/** Reads JSON. @throws what `refuse` makes of what is wrong, and where. */
export function parseJson(text: string, refuse: (what: string) => Error): unknown {
  const json = text.replace(/^\uFEFF/, "");
  if (json.trim() === "") throw refuse("it is empty");
  try {
    return JSON.parse(json);
  } catch (error) {
    throw refuse(mistakeIn(json, error instanceof Error ? error.message : String(error)));
  }
}

/** JSON.parse tells where only sometimes. */
function mistakeIn(json: string, message: string): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  const length = json.trimEnd().length;
  if (message.startsWith("Unexpected end") || Number(position) >= length) {
    return `it looks cut off: it ends in the middle of something, ${placeOf(json, length)}`;
  }
  const offset = position === undefined ? offsetIn(json) : Number(position);
  if (offset === undefined) return `it is not JSON: ${printable(message)}`;
  const found = String.fromCodePoint(json.codePointAt(offset) ?? 0);
  return `it is not JSON: ${JSON.stringify(found)} is out of place ${placeOf(json, offset)}`;
}

function offsetIn(json: string): number | undefined {
  if (json.length > LONGEST_SEARCHED) return undefined;
  try {
    parse(json, { mode: "json" });
    return undefined;
  } catch (error) {
    return error instanceof Error && "offset" in error ? Number(error.offset) : undefined;
  }
}

/** `at line 3, column 14` */
function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return `at line ${line}, column ${offset - before.lastIndexOf("\n")}`;
}
