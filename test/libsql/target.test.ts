import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { parseTarget } from "../../src/libsql/target.js";

describe("a database URL", () => {
  it.each([
    ["http://db.example", { transport: "http", tls: false, host: "db.example", port: 80 }],
    ["https://db.example", { transport: "http", tls: true, port: 443 }],
    ["ws://db.example:8080", { transport: "ws", tls: false, port: 8080 }],
    ["wss://db.example", { transport: "ws", tls: true, port: 443 }],
    ["libsql://db.example", { transport: "http", tls: true, port: 443 }],
    ["libsql://db.example:8080?tls=0", { transport: "http", tls: false, port: 8080 }],
    ["wss://[::1]:9", { transport: "ws", host: "::1", port: 9 }],
    ["WSS://DB.example", { transport: "ws", host: "db.example" }],
    ["file:local.db", { transport: "file", path: "local.db" }],
    ["file:///var/db/a.db", { transport: "file", path: "/var/db/a.db" }],
    [":memory:", { transport: "memory" }],
    ["file::memory:?cache=shared", { transport: "memory" }],
  ])("%s is read as createClient() reads it", (url, expected) => {
    expect(parseTarget(url)).toMatchObject(expected);
  });

  it("takes the token from ?authToken=, before the one given beside it, and shows neither", () => {
    const target = parseTarget("libsql://db.example?authToken=in-url", "beside");
    expect(target).toMatchObject({ authToken: "in-url", display: "libsql://db.example" });
    expect(parseTarget("ws://h/db?auth%54oken=in-url")).toMatchObject({
      authToken: "in-url",
      display: "ws://h/db",
    });
    expect(parseTarget("libsql://h:1?tls=0").display).toBe("libsql://h:1");
    expect(parseTarget("libsql://db.example", "beside")).toMatchObject({ authToken: "beside" });
    expect(() => parseTarget("ws://me:secret@db.example")).toThrow(/user and password/);
    expect(() => parseTarget("ws://secret@db.example")).not.toThrow(/secret/);
  });

  it.each([
    ["bogus://x", /unknown scheme/],
    ["", /not a URL/],
    ["db.example", /not a URL/],
    ["ws://", /Invalid URL|host is missing/],
    ["ws://h:99999", /Invalid URL/],
    ["ws://h?nope=1&authToken=s3cret", /"nope"; only tls and authToken/],
    ["ws://h?tls=2", /"tls"/],
    ["ws://h?tls=1", /tls contradicts/],
    ["wss://h?tls=0", /tls contradicts/],
    ["libsql://h?tls=0", /explicit port/],
    ["ws://h/#part", /fragment/],
    ["ws://h/%zz", /percent encoding/],
    ["file:", /path is missing/],
    ["libsql://h#authToken=s3cret", /fragments/],
    ["ws://h?auth_token=s3cret", /"auth_token"/],
    ["ws://h?tls=0&jwt=s3cret%20s3cret", /"jwt"/],
    ["ws://h?jwt=s3cret s3cret", /jwt=\*\*\*"/],
    ["db.example?jwt=s3cret", /not a URL/],
    [":memory:?authToken=s3cret", /not a URL/],
  ])("%s is refused with the reason", (url, reason) => {
    expect(() => parseTarget(url)).toThrow(reason);
    expect(() => parseTarget(url)).toThrow(expect.objectContaining({ code: "INVALID_URL" }));
    expect(
      inspect(
        thrown(() => parseTarget(url)),
        { depth: 9, showHidden: true },
      ),
    ).not.toContain("s3cret");
  });
});

it.each(["tok\nen", "token\n", "to ken", "töken"])(
  "a token such as %j is refused, and not shown",
  (token) => {
    const error = thrown(() => parseTarget("libsql://h", token));
    expect(error).toMatchObject({
      code: "INVALID_OPTION",
      message: expect.stringMatching(/^authToken: /) as string,
    });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(token);
  },
);

function thrown(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}
