import type { InValue, IntMode } from "@libsql/client";
import { told } from "../outcome.js";
import { REMOTE, type Case } from "../case.js";

const INT_MODES: readonly IntMode[] = ["number", "bigint", "string"];

const VALUES: readonly (readonly [name: string, value: unknown])[] = [
  ["a string", "boomerang"],
  ["an empty string", ""],
  ["a string of strange characters", "a\n\r\t ' \" \\ %"],
  ["a string beyond ASCII", "žluťoučký kůň 🎈"],
  ["zero", 0],
  ["minus zero", -0],
  ["an integer", -2023],
  ["a fraction", 12.345],
  ["a large number", 1e18],
  ["the largest safe integer as a number", Number.MAX_SAFE_INTEGER],
  ["the largest number", Number.MAX_VALUE],
  ["the smallest number", Number.MIN_VALUE],
  ["a bigint zero", 0n],
  ["a small bigint", -42n],
  ["the largest safe bigint", 2n ** 53n - 1n],
  ["the smallest safe bigint", -(2n ** 53n) + 1n],
  ["the first unsafe bigint", 2n ** 53n],
  ["an unsafe negative bigint", -(2n ** 60n)],
  ["the largest 64-bit integer", 2n ** 63n - 1n],
  ["the smallest 64-bit integer", -(2n ** 63n)],
  ["a bigint beyond 64 bits", 2n ** 63n],
  ["a negative bigint beyond 64 bits", -(2n ** 63n) - 1n],
  ["null", null],
  ["true", true],
  ["false", false],
  ["an ArrayBuffer", Uint8Array.from([0, 1, 127, 128, 255]).buffer],
  ["an empty ArrayBuffer", new ArrayBuffer(0)],
  ["a Uint8Array", Uint8Array.from([0, 1, 127, 128, 255])],
  ["a part of a Uint8Array", Uint8Array.from([9, 0, 1, 255, 9]).subarray(1, 4)],
  ["a Date", new Date("2023-01-01T00:00:00.250Z")],
  ["undefined", undefined],
  ["NaN", Number.NaN],
  ["Infinity", Number.POSITIVE_INFINITY],
  ["minus Infinity", Number.NEGATIVE_INFINITY],
];

/** The native engine takes no such values: it may end the process. */
const FOREIGN: readonly (readonly [name: string, value: unknown])[] = [
  ["a symbol", Symbol("s")],
  ["a function", () => 1],
  ["an object", { a: 1 }],
  ["an array", [1, 2]],
];

export const VALUE_CASES: readonly Case[] = INT_MODES.flatMap((intMode) => [
  ...VALUES.map(([name, value]): Case => ({
    name: `gets ${name} back as it should with integers as ${intMode}`,
    config: { intMode },
    run: (client) =>
      client.execute({ sql: "SELECT ? AS v, typeof(?) AS t", args: [value, value] as InValue[] }),
  })),
  {
    name: `says what it says about foreign values with integers as ${intMode}`,
    on: REMOTE,
    config: { intMode },
    run: (client) =>
      Promise.all(
        FOREIGN.map(([, value]) => told(() => client.execute("SELECT ? AS v", [value as InValue]))),
      ),
  },
  {
    name: `reads integers of every size as ${intMode}`,
    config: { intMode },
    run: (client) =>
      Promise.all(
        ["0", "-1", "9007199254740991", "9007199254740992", "-9223372036854775808", "1e3", "count(*)"].map(
          (sql) => told(() => client.execute(`SELECT ${sql} AS i`)),
        ),
      ),
  },
  {
    name: `stores and finds what it was given with integers as ${intMode}`,
    config: { intMode },
    run: async (client) => {
      await client.execute("CREATE TABLE t (i INTEGER, r REAL, s TEXT, b BLOB, n NUMERIC, a)");
      const args = [1, 2, "three", new Uint8Array([4]), "5", 6n];
      const written = await client.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?)", args);
      return [written, await client.execute("SELECT *, typeof(i), typeof(r), typeof(n), typeof(a) FROM t")];
    },
  },
]);
