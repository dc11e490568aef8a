import { describe, expect, it } from "vitest";
import { secretsOf, withoutEcho } from "../../src/libsql/echoes.js";
import { TokenSource } from "../../src/libsql/token-source.js";

describe("a provider of tokens", () => {
  it("that never answers is asked anew when who waited has given up", async () => {
    let asked = 0;
    const rotated: string[] = [];
    let answerLate: (token: string) => void = () => undefined;
    const provider = (): Promise<string> =>
      ++asked === 1 ? new Promise((resolve) => (answerLate = resolve)) : Promise.resolve(`token ${asked}`);
    const tokens = new TokenSource(provider, () => rotated.push("rotated"));
    const patience = new AbortController();
    const waiting = tokens.next(patience.signal);
    patience.abort(new Error("too late"));
    await expect(waiting).rejects.toThrow("too late");
    expect(await tokens.next(new AbortController().signal)).toBe("token 2");
    answerLate("token 1");
    await new Promise((resolve) => setImmediate(resolve));
    expect(await tokens.next(new AbortController().signal)).toBe("token 3");
    expect(rotated).toEqual(["rotated"]);
  });

  it("that makes another token each time does not have all connections replaced each time", async () => {
    let made = 0;
    let rotated = 0;
    const tokens = new TokenSource(
      () => `token ${++made}`,
      () => rotated++,
    );
    for (let i = 0; i < 10; i++) await tokens.next(new AbortController().signal);
    expect(rotated).toBe(1);
  });

  it("that keeps a token until it is rotated is heard each time that it is", async () => {
    let rotated = 0;
    const kept = ["a", "b", "b", "c", "c", "d"];
    const tokens = new TokenSource(
      () => kept.shift() ?? "",
      () => rotated++,
    );
    while (kept.length > 0) await tokens.next(new AbortController().signal);
    expect(rotated).toBe(3);
  });
});

describe("a token", () => {
  it("as short as a word of the protocol leaves answers as they are, and errors without it", () => {
    const answer = { type: "response_ok", value: { type: "integer", value: "15" }, last_insert_rowid: "15" };
    for (const secret of ["ok", "1", "integer"]) {
      expect(JSON.parse(withoutEcho(JSON.stringify(answer), secretsOf(secret)))).toEqual(answer);
    }
    expect(withoutEcho('{"message":"bad token dev"}', secretsOf("dev"))).toBe('{"message":"bad token ***"}');
  });

  it("that plain JavaScript gives as null is none", () => {
    expect(secretsOf(null as unknown as undefined, "", undefined, "a")).toEqual(["a"]);
  });
});
