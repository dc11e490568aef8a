import { describe, expect, test } from "vitest";
import { bindArgs } from "../../src/server/bind-args.js";
import type { EngineValue } from "../../src/server/protocol.js";
import { scanSql } from "../../src/core/sql/scan.js";

function bind(sql: string, args: readonly EngineValue[], named: Readonly<Record<string, EngineValue>> = {}) {
  const [statement] = scanSql(sql);
  if (!statement) throw new Error("no statement");
  return bindArgs(statement, { args, namedArgs: new Map(Object.entries(named)) });
}

describe("arguments", () => {
  test.each<[string, EngineValue[], Record<string, EngineValue>, EngineValue[]]>([
    ["SELECT ?, ?", [1n, null], {}, [1n, null]],
    ["SELECT ?2, ?1", ["a", "b"], {}, ["a", "b"]],
    ["SELECT :a, @b, $c", [], { a: 1n, "@b": 2n, c: null }, [1n, 2n, null]],
    ["SELECT :a, @a, $a", [], { ":a": 1n, a: 2n }, [1n, 2n, 2n]],
    ["SELECT 1", [], {}, []],
    ["EXPLAIN SELECT ?", [], {}, [null]],
  ])("%s (%#)", (sql, args, named, expected) => expect(bind(sql, args, named)).toEqual(expected));

  test.each<[string, EngineValue[], Record<string, EngineValue>, string, RegExp]>([
    ["SELECT ?", [], {}, "ARGS_INVALID", /value for parameter 1 not found/],
    ["SELECT :a", [], { b: 1n }, "ARGS_INVALID", /value for parameter :a not found/],
    ["SELECT ?", [1n, 2n], {}, "ARGS_INVALID", /too many parameters, expected 1 found 2/],
    ["SELECT ?1", [], { "?1": 1n }, "ARGS_INVALID", /value for parameter \?1 not found/],
    ["SELECT ?1", [], { "1": 1n }, "ARGS_INVALID", /value for parameter \?1 not found/],
    ["SELECT ?", [], { "1": 1n }, "ARGS_INVALID", /value for parameter 1 not found/],
    ["SELECT :a", [], { a: 1n, b: 2n }, "ARGS_INVALID", /too many parameters/],
    ["SELECT :a", [1n], {}, "ARGS_INVALID", /:a not found/],
    ["SELECT ?, :a", [1n], { a: 1n }, "ARGS_BOTH_POSITIONAL_AND_NAMED", /not supported/],
  ])("%s (%#) is refused", (sql, args, named, code, message) => {
    expect(() => bind(sql, args, named)).toThrow(message);
    expect(() => bind(sql, args, named)).toThrow(expect.objectContaining({ code }));
  });
});
