import { expect, it } from "vitest";
import { againstTarget } from "../../src/cli/open-session.js";
import { parseTarget } from "../../src/libsql/target.js";

it.each([
  ["https://db.example", "wss://db.example", "token"],
  ["http://db.example:8080", "ws://db.example:8080", "token"],
  ["http://db.example:443", "https://db.example:443", undefined],
  ["https://db.example", "https://other.example", undefined],
  ["https://db.example", "https://db.example:8443", undefined],
  ["https://db.example", "http://db.example", undefined],
  ["wss://db.example:8080", "ws://db.example:8080", undefined],
  ["https://db.example", "https://other.example?authToken=its-own", "its-own"],
])("the token of %s is for %s: %s", (head, against, token) => {
  expect(againstTarget(against, parseTarget(head, "token"))).toMatchObject({ authToken: token });
});
