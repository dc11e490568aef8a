import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { bearerToken } from "../../src/server/auth.js";
import { JwtAuthenticator, parseJwtKeys } from "../../src/server/jwt-auth.js";
import { rejection } from "./fixture.js";

const pair = generateKeyPairSync("ed25519");
const other = generateKeyPairSync("ed25519");
const pem = (key: KeyObject): string => String(key.export({ type: "spki", format: "pem" }));

async function token(claims: Record<string, unknown> = {}, key = pair.privateKey): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: "EdDSA" }).sign(key);
}

const verify = (jwt: string | undefined) => new JwtAuthenticator([pair.publicKey]).verify(jwt);

describe("tokens", () => {
  test.each([
    [{}, "read-write"],
    [{ a: "rw" }, "read-write"],
    [{ a: "ro" }, "read-only"],
    [{ p: { ro: { ns: ["x"] } } }, "read-only"],
    [{ p: { rw: { ns: ["x"] } } }, "read-write"],
    [{ exp: Math.floor(Date.now() / 1_000) + 60 }, "read-write"],
  ])("%j may %s", async (claims, permission) => expect(await verify(await token(claims))).toBe(permission));

  test.each([
    { a: "xx" },
    { a: "RW" },
    { a: "" },
    { a: 1 },
    { a: ["ro"] },
    { p: "rw" },
    { p: [] },
    { a: "xx", p: { rw: { ns: ["x"] } } },
  ])("%j is a claim that nobody knows, and opens nothing", async (claims) => {
    expect(await rejection(verify(await token(claims)))).toMatchObject({ code: "AUTH_JWT_INVALID" });
  });

  test("end in the second that they name", async () => {
    const now = Math.floor(Date.now() / 1_000);
    expect((await rejection(verify(await token({ exp: now })))).code).toBe("AUTH_JWT_EXPIRED");
  });

  test("none, a wrong one, and one whose time is not now are told apart", async () => {
    const now = Math.floor(Date.now() / 1_000);
    const code = async (jwt: string | undefined) => (await rejection(verify(jwt))).code;
    expect(await code(undefined)).toBe("AUTH_JWT_MISSING");
    expect(await code("nonsense")).toBe("AUTH_JWT_INVALID");
    expect(await code(await token({}, other.privateKey))).toBe("AUTH_JWT_INVALID");
    expect(await code(await token({ exp: now - 60 }))).toBe("AUTH_JWT_EXPIRED");
    expect(await code(await token({ nbf: now + 60 }))).toBe("AUTH_JWT_IMMATURE");
  });

  test("an algorithm other than EdDSA is not let in, none least of all", async () => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const none = `${part({ alg: "none" })}.${part({ a: "rw" })}.`;
    expect((await rejection(verify(none))).code).toBe("AUTH_JWT_INVALID");
    const hmac = await new SignJWT({})
      .setProtectedHeader({ alg: "HS256" })
      .sign(Buffer.from(pem(pair.publicKey)));
    expect((await rejection(verify(hmac))).code).toBe("AUTH_JWT_INVALID");
  });

  test("with several keys, any of them will do", async () => {
    const authenticator = new JwtAuthenticator([other.publicKey, pair.publicKey]);
    expect(await authenticator.verify(await token())).toBe("read-write");
  });
});

describe("the Authorization header", () => {
  test("gives its token, whatever the case of Bearer", () => {
    expect(bearerToken(undefined)).toBeUndefined();
    expect(bearerToken("Bearer abc")).toBe("abc");
    expect(bearerToken("bearer abc")).toBe("abc");
  });

  test.each([
    ["abc", "AUTH_HEADER_MALFORMED"],
    ["Basic abc", "AUTH_HTTP_HEADER_UNSUPPORTED_SCHEME"],
  ])("%s is %s", (header, code) => {
    expect(() => bearerToken(header)).toThrow(expect.objectContaining({ code }));
  });
});

describe("key files", () => {
  test("PEM, several PEMs, and raw URL-safe base64", () => {
    const raw = String(pair.publicKey.export({ format: "jwk" }).x);
    expect(parseJwtKeys(pem(pair.publicKey))[0]?.equals(pair.publicKey)).toBe(true);
    expect(parseJwtKeys(`${raw}\n`)[0]?.equals(pair.publicKey)).toBe(true);
    expect(parseJwtKeys(pem(pair.publicKey) + pem(other.publicKey))).toHaveLength(2);
  });

  test.each([
    ["", /neither PEM nor 32 bytes/],
    ["not a key!", /neither PEM nor 32 bytes/],
    ["AAAA", /neither PEM nor 32 bytes/],
    [String(pair.privateKey.export({ type: "pkcs8", format: "pem" })), /private key/],
    [pem(generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey), /an Ed25519 key is expected, not ec/],
    ["-----BEGIN PUBLIC KEY-----", /no end/],
  ])("%# says what is wrong", (text, message) => expect(() => parseJwtKeys(text)).toThrow(message));
});
