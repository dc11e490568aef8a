import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { withValues } from "../../src/cli/apply/edit-json.js";

const VALUES = new Map<string, number | string>([
  ["maxConnections", 6],
  ["keepAliveInterval", "4500ms"],
]);
const edited = (text: string): string => withValues(text, "pool", VALUES);

describe("settings are put into a configuration file", () => {
  it.each([
    [
      "in place, whatever stands around them",
      '{\n\t"pool": { "keepAliveInterval" : "30s",\n\n "maxConnections":10 },\n   "url":"ws://x"}',
      '{\n\t"pool": { "keepAliveInterval" : "4500ms",\n\n "maxConnections":6 },\n   "url":"ws://x"}',
    ],
    [
      "after those that are there, as these are written",
      '{\n  "pool": {\n    "pingTimeout": "1s"\n  }\n}\n',
      '{\n  "pool": {\n    "pingTimeout": "1s",\n    "maxConnections": 6,\n    "keepAliveInterval": "4500ms"\n  }\n}\n',
    ],
    [
      "between spaces where the object is on one line",
      '{\n  "pool": { "pingTimeout": "1s" }\n}',
      '{\n  "pool": { "pingTimeout": "1s", "maxConnections": 6, "keepAliveInterval": "4500ms" }\n}',
    ],
    [
      "without a blank line that parts groups",
      '{\n  "pool": {\n    "pingTimeout": "1s",\n\n    "maxLifetime": "1h"\n  }\n}',
      '{\n  "pool": {\n    "pingTimeout": "1s",\n\n    "maxLifetime": "1h",\n    "maxConnections": 6,\n    "keepAliveInterval": "4500ms"\n  }\n}',
    ],
    [
      "with the comma first where it is",
      '{ "pool":\n  { "pingTimeout": "1s"\n  , "maxLifetime": "1h"\n  }\n}',
      '{ "pool":\n  { "pingTimeout": "1s"\n  , "maxLifetime": "1h"\n  , "maxConnections": 6\n  , "keepAliveInterval": "4500ms"\n  }\n}',
    ],
    [
      "with a section of their own where there is none, with tabs and CRLF as they are",
      '{\r\n\t"url": "ws://x",\r\n\t"bench": {}\r\n}\r\n',
      '{\r\n\t"url": "ws://x",\r\n\t"bench": {},\r\n\t"pool": {\r\n\t\t"maxConnections": 6,\r\n\t\t"keepAliveInterval": "4500ms"\r\n\t}\r\n}\r\n',
    ],
    [
      "in one line where all is in one",
      '{"url":"ws://x"}',
      '{"url":"ws://x","pool":{"maxConnections":6,"keepAliveInterval":"4500ms"}}',
    ],
    [
      "in one line with its spaces",
      '{ "url": "ws://x" }\n',
      '{ "url": "ws://x", "pool": { "maxConnections": 6, "keepAliveInterval": "4500ms" } }\n',
    ],
    [
      "into an empty object",
      "{}",
      '{\n  "pool": {\n    "maxConnections": 6,\n    "keepAliveInterval": "4500ms"\n  }\n}',
    ],
    [
      "into an empty section",
      '{\n    "pool": {\n    },\n    "url": "ws://x"\n}',
      '{\n    "pool": {\n        "maxConnections": 6,\n        "keepAliveInterval": "4500ms"\n    },\n    "url": "ws://x"\n}',
    ],
    [
      "behind a byte order mark",
      '\uFEFF{"pool":{"maxConnections":1,"keepAliveInterval":"1s"}}',
      '\uFEFF{"pool":{"maxConnections":6,"keepAliveInterval":"4500ms"}}',
    ],
    [
      "where it counts, when a name is there twice or in escapes",
      '{"p\\u006fol":{"maxConnections":1},"pool":{"max\\u0043onnections":2,"keepAliveInterval":"1s","maxConnections":3}}',
      '{"p\\u006fol":{"maxConnections":1},"pool":{"max\\u0043onnections":2,"keepAliveInterval":"4500ms","maxConnections":6}}',
    ],
    [
      "not into an object of the same name elsewhere",
      '{"bench":{"pool":{"maxConnections":1}}}',
      '{"bench":{"pool":{"maxConnections":1}},"pool":{"maxConnections":6,"keepAliveInterval":"4500ms"}}',
    ],
  ])("%s", (_, text, expected) => {
    expect(edited(text)).toBe(expected);
    expect(edited(expected)).toBe(expected);
  });

  it("and with none of them, nothing is", () => {
    expect(withValues('{ "a" :1}', "pool", new Map())).toBe('{ "a" :1}');
  });
});

const space = fc.stringMatching(/^[ \t\r\n]{0,4}$/);
const key = fc.oneof(
  fc.constantFrom("url", "bench", "__proto__", "toString", 'é"\\', "pool2"),
  fc.string({ maxLength: 5 }).filter((text) => text !== "pool"),
);
/** A member with white space of its own around every token. */
const member = (name: fc.Arbitrary<string>, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(name, value, space, space, space, space)
    .map(([text, json, a, b, c, d]) => `${a}${JSON.stringify(text)}${b}:${c}${json}${d}`);
const object = (members: fc.Arbitrary<string[]>): fc.Arbitrary<string> =>
  fc.tuple(members, space).map(([all, inner]) => `{${all.length === 0 ? inner : all.join(",")}}`);
const anyValue = fc
  .jsonValue({ maxDepth: 2 })
  .chain((value) => fc.constantFrom(JSON.stringify(value), JSON.stringify(value, null, 3)));
const other = fc.constantFrom("pingTimeout", "idleTimeout", "x", "__proto__");
const pool = object(
  fc.array(member(fc.oneof(other, fc.constantFrom(...VALUES.keys())), anyValue), { maxLength: 4 }),
);
const file = fc
  .tuple(
    fc.array(member(key, anyValue), { maxLength: 3 }),
    fc.option(member(fc.constant("pool"), pool)),
    fc.nat(),
    space,
    space,
  )
  .map(([members, own, at, before, after]) => {
    const all = own === null ? members : members.toSpliced(at % (members.length + 1), 0, own);
    return `${before}{${all.join(",")}}${after}`;
  });

describe("whatever the file is like", () => {
  it("it says what it is to say, all else as before, and a second time changes nothing", () => {
    fc.assert(
      fc.property(file, (text) => {
        const before = JSON.parse(text) as { pool?: Record<string, unknown> };
        const put = edited(text);
        const after = JSON.parse(put) as { pool: Record<string, unknown> };
        expect(after.pool).toEqual({ ...before.pool, ...Object.fromEntries(VALUES) });
        expect({ ...after, pool: null }).toEqual({ ...before, pool: null });
        expect(Object.keys(after.pool).filter((name) => name in (before.pool ?? {}))).toEqual(
          Object.keys(before.pool ?? {}),
        );
        expect(edited(put)).toBe(put);
      }),
      { numRuns: 500 },
    );
  });

  it("what is there is all of it still there, byte for byte, when nothing of it was to change", () => {
    const without = fc
      .tuple(fc.array(member(key, anyValue), { maxLength: 3 }), space, space)
      .map(([members, before, after]) => `${before}{${members.join(",")}}${after}`);
    fc.assert(
      fc.property(without, (text) => {
        const put = edited(text);
        let cut = 0;
        while (cut < text.length && put[cut] === text[cut]) cut++;
        expect(put.slice(0, cut)).toBe(text.slice(0, cut));
        expect(put.endsWith(text.slice(cut).trimStart())).toBe(true);
      }),
    );
  });
});
