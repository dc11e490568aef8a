import { ProtocolError } from "./hrana-errors.js";
import type { EngineValue, WireValue } from "./protocol.js";

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;

/**
 * Reads a value from the wire as what the engine may bind.
 *
 * The engine aborts the process when it is handed a boolean and wraps integers that do not fit,
 * so everything else is refused here.
 * @throws {ProtocolError} when it is not a value.
 */
export function decodeValue(value: unknown): EngineValue {
  if (typeof value !== "object" || value === null) throw malformed("a value must be an object");
  const fields = value as Readonly<Record<string, unknown>>;
  switch (fields.type) {
    case "null":
      return null;
    case "integer":
      return decodeInteger(fields.value);
    case "float":
      if (typeof fields.value === "number" && Number.isFinite(fields.value)) return fields.value;
      throw malformed("`value` of a float must be a finite number");
    case "text":
      if (typeof fields.value === "string") return fields.value;
      throw malformed("`value` of a text must be a string");
    case "blob":
      return decodeBlob(fields.base64);
    default:
      throw malformed("unknown type of value");
  }
}

/** A value from the engine, ready for the wire. Blobs go out unpadded, as sqld sends them. */
export function encodeValue(value: EngineValue): WireValue {
  if (value === null) return { type: "null" };
  if (typeof value === "bigint") return { type: "integer", value: value.toString() };
  if (typeof value === "number") return { type: "float", value };
  if (typeof value === "string") return { type: "text", value };
  return { type: "blob", base64: withoutPadding(value.toString("base64")) };
}

/** About how many bytes a value takes as JSON: for the limit on results, not for a length header. */
export function wireSize(value: EngineValue): number {
  if (typeof value === "string") return 28 + value.length;
  if (value === null || typeof value !== "object") return 40;
  return 30 + Math.ceil((value.length * 4) / 3);
}

function decodeInteger(value: unknown): bigint {
  // The length comes first: making a BigInt of a million digits takes seconds.
  if (typeof value === "string" && value.length <= 64 && /^[+-]?\d+$/.test(value)) {
    const integer = BigInt(value.startsWith("+") ? value.slice(1) : value);
    if (integer >= INT64_MIN && integer <= INT64_MAX) return integer;
  }
  throw malformed("`value` of an integer must be a 64-bit decimal integer as a string");
}

function decodeBlob(base64: unknown): Buffer {
  if (typeof base64 === "string") {
    const digits = withoutPadding(base64);
    if (digits.length % 4 !== 1 && /^[A-Za-z0-9+/]*$/.test(digits)) return Buffer.from(digits, "base64");
  }
  throw malformed("`base64` of a blob must be base64");
}

/** By hand, because `/=+$/` takes quadratic time on megabytes of `=` that something follows. */
function withoutPadding(base64: string): string {
  let end = base64.length;
  while (end > 0 && base64.charCodeAt(end - 1) === 0x3d) end--;
  return end === base64.length ? base64 : base64.slice(0, end);
}

function malformed(why: string): ProtocolError {
  return new ProtocolError("malformed", `Cannot deserialize client message from JSON: ${why}`);
}
