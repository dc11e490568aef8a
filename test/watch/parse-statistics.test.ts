import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseStatistics } from "../../src/watch/parse-statistics.js";
import { snapshotWith } from "../support/snapshots.js";

const SCHEMA = JSON.parse(
  readFileSync(new URL("../../docs/statistics.schema.json", import.meta.url), "utf8"),
) as object;
const parse = (text: string) =>
  parseStatistics(text, SCHEMA, (what, hint) => new Error([what, hint].filter(Boolean).join(" | ")));
const good = snapshotWith();

describe("statistics that an application tells", () => {
  it("are taken as they are, with what a later version adds", () => {
    expect(parse(JSON.stringify(good))).toEqual(good);
    expect(parse(JSON.stringify({ ...good, evictions: { ...good.evictions, bored: 1 }, more: [] }))).toEqual({
      ...good,
      evictions: { ...good.evictions, bored: 1 },
      more: [],
    });
  });

  it("have a name that does nothing to a terminal, and tells no secret", () => {
    const name = `\u001b[2Jorders\r\n?authToken=s3cret ${"x".repeat(100)}`;
    const { name: shown } = parse(JSON.stringify({ ...good, name }));
    expect(shown).toMatch(/^\[2Jorders \?authToken=\*\*\* x+$/);
    expect(shown).toHaveLength(60);
  });

  it.each([
    ["<html>", 'it is not JSON: "<" is out of place at line 1, column 1'],
    ["", "it is empty"],
    [JSON.stringify(good).slice(0, 99), "it looks cut off"],
    ["[1]", "these are no statistics of a pool"],
    ['{"status":"ok","schema_version":1}', "these are no statistics of a pool"],
    [
      JSON.stringify({ ...good, schema_version: 2 }),
      "they have schema version 2, and this turso-pool reads version 1 | Update turso-pool.",
    ],
    [
      JSON.stringify({ ...good, statistics: {} }),
      "statistics.uptime_ms is missing | The application and this turso-pool are of different versions: use the same.",
    ],
    [JSON.stringify({ ...good, lease_ages_ms: ["a"] }), 'lease_ages_ms[0]: "a" must be number'],
  ])("are refused where they are none: %.40s", (text, what) => {
    expect(() => parse(text)).toThrow(what);
  });
});
