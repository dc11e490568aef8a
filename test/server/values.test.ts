import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ProtocolError } from "../../src/server/hrana-errors.js";
import { decodeValue, encodeValue } from "../../src/server/values.js";

describe("values", () => {
  test("come back as they went", () => {
    const value = fc.oneof(
      fc.constant(null),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
      fc.string(),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(value, (original) => {
        const overTheWire: unknown = JSON.parse(JSON.stringify(encodeValue(original)));
        expect(decodeValue(overTheWire)).toEqual(original);
      }),
    );
  });

  test("blobs go out without padding and come in with or without", () => {
    expect(encodeValue(Buffer.from("a"))).toEqual({ type: "blob", base64: "YQ" });
    expect(decodeValue({ type: "blob", base64: "YQ" })).toEqual(Buffer.from("a"));
    expect(decodeValue({ type: "blob", base64: "YQ==" })).toEqual(Buffer.from("a"));
  });

  test.each<unknown>([
    null,
    true,
    [],
    {},
    { type: "boolean", value: true },
    { type: "integer", value: 1 },
    { type: "integer", value: "" },
    { type: "integer", value: "1.5" },
    { type: "integer", value: "0x10" },
    { type: "integer", value: "9223372036854775808" },
    { type: "integer", value: "-9223372036854775809" },
    { type: "integer", value: "9".repeat(100) },
    { type: "float", value: "1" },
    { type: "float", value: null },
    { type: "float", value: Infinity },
    { type: "text", value: 1 },
    { type: "text" },
    { type: "blob", base64: "*" },
    { type: "blob", base64: "A" },
    { type: "blob", base64: "=A==" },
    { type: "blob", base64: 1 },
  ])("%j is refused, never bound", (value) => expect(() => decodeValue(value)).toThrow(ProtocolError));

  test("a blob of nothing but padding takes no time", () => {
    const startedAt = performance.now();
    expect(() => decodeValue({ type: "blob", base64: `${"=".repeat(1_000_000)}A` })).toThrow(ProtocolError);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });
});
