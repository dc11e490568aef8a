import { expect } from "vitest";
import type { FixedDefect } from "./defect.js";

const thrown = (code: string) => ({ thrown: { error: "LibsqlError", code } });
const options = (...names: readonly string[]): string[] => names.map((name) => `options: ${name}`);

/** Of what is given to make a client of. */
export const OPTIONS: readonly FixedDefect[] = [
  {
    why: "a URL without a host is no error of the library, but a raw one",
    on: ["http"],
    cases: options('"http://:1"'),
    plain: { thrown: { error: "TypeError" } },
    ours: thrown("URL_INVALID"),
  },
  {
    why: "a user and password are taken, and make every request fail",
    on: ["http"],
    cases: options('"http://user:password@127.0.0.1:1"'),
    plain: { protocol: "http", closed: false },
    ours: thrown("URL_INVALID"),
  },
  {
    why: "messages quote what may be, or be a part of, a token",
    on: ["http"],
    cases: options(
      '"http://127.0.0.1#fragment"',
      '":memory:?cache=shared"',
      "libsql//db.example?authToken=…",
      "http://127.0.0.1:1#…",
    ),
    plain: thrown("URL_INVALID"),
    ours: thrown("URL_INVALID"),
  },
  {
    why: "a file without a path is another temporary database for each connection",
    on: ["http"],
    cases: options('"file:"'),
    plain: { protocol: "file", closed: false },
    ours: thrown("URL_INVALID"),
  },
  {
    why: "a file that cannot be opened is no error of the library, but a raw one",
    on: ["http"],
    cases: options('"file:nowhere/to/be/found.db"', "a file that is a folder"),
    plain: { thrown: { error: "Error" } },
    ours: thrown("SQLITE_CANTOPEN"),
  },
  {
    why: "null for options is an accident, not a message",
    on: ["http"],
    cases: options("null"),
    plain: { thrown: { error: "TypeError", message: expect.stringContaining("destructure") as unknown } },
    ours: {
      thrown: { error: "TypeError", message: expect.stringContaining("as object, got null") as unknown },
    },
  },
];
