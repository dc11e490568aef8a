import { createPublicKey, type KeyObject } from "node:crypto";
import { errors, jwtVerify } from "jose";
import type { Permission } from "./sql-stream.js";

/** Why a client was not let in, with sqld's codes and words. */
export class AuthError extends Error {
  override readonly name = "AuthError";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Decides what the bearer of a token may do. */
export interface Authenticator {
  /** @throws {AuthError} */
  verify(jwt: string | undefined): Promise<Permission> | Permission;
}

/** Lets everybody do everything, as sqld does without a key. */
export const openToAll: Authenticator = { verify: () => "read-write" };

/**
 * Checks EdDSA-signed JSON Web Tokens. Claims are sqld's: `a: "ro"` is read-only, `p` names scopes,
 * of which only the difference between reading and writing counts here, as there is one database.
 */
export class JwtAuthenticator implements Authenticator {
  readonly #keys: readonly KeyObject[];

  constructor(keys: readonly KeyObject[]) {
    this.#keys = keys;
  }

  async verify(jwt: string | undefined): Promise<Permission> {
    if (jwt === undefined) {
      throw new AuthError("AUTH_JWT_MISSING", "Authentication is required but no JWT was specified");
    }
    for (const key of this.#keys) {
      try {
        const { payload } = await jwtVerify(jwt, key, { algorithms: ["EdDSA"] });
        return permissionOf(payload);
      } catch (error) {
        const refusal = refusalOf(error);
        // Signed by another key: perhaps the next one fits.
        if (refusal.code !== "AUTH_JWT_INVALID") throw refusal;
      }
    }
    throw new AuthError("AUTH_JWT_INVALID", "The JWT is invalid");
  }
}

/**
 * Reads the token of an `Authorization` header.
 * @throws {AuthError} when there is one that is not `Bearer <token>`.
 */
export function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const space = header.indexOf(" ");
  if (space === -1) {
    throw new AuthError("AUTH_HEADER_MALFORMED", "Auth string does not conform to '<scheme> <token>' form");
  }
  if (header.slice(0, space).toLowerCase() !== "bearer") {
    throw new AuthError(
      "AUTH_HTTP_HEADER_UNSUPPORTED_SCHEME",
      "The authentication scheme in the `Authorization` HTTP header is not supported",
    );
  }
  return header.slice(space + 1).trim();
}

/**
 * Reads Ed25519 public keys as sqld does: PEM, one or several, or the 32 bytes in URL-safe base64.
 * @throws {Error} that says what is wrong with them.
 */
export function parseJwtKeys(text: string): KeyObject[] {
  const trimmed = text.trim();
  if (!trimmed.startsWith("-----BEGIN")) return [rawKey(trimmed)];
  const blocks = trimmed.match(/-----BEGIN ([^-]+)-----[^-]*-----END \1-----/g) ?? [];
  if (blocks.length === 0) throw new Error("the PEM has no end");
  return blocks.map((block) => {
    if (block.includes("PRIVATE KEY")) throw new Error("this is a private key, a public key is expected");
    return ed25519(createPublicKey(block));
  });
}

function rawKey(base64: string): KeyObject {
  if (!/^[A-Za-z0-9_-]+=*$/.test(base64) || Buffer.from(base64, "base64url").length !== 32) {
    throw new Error("neither PEM nor 32 bytes in URL-safe base64");
  }
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: base64.replace(/=/g, "") }, format: "jwk" });
}

function ed25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new Error(`an Ed25519 key is expected, not ${key.asymmetricKeyType ?? "a secret"}`);
}

function permissionOf(claims: Readonly<Record<string, unknown>>): Permission {
  const { a, p } = claims;
  if (typeof p === "object" && p !== null) return "rw" in p ? "read-write" : "read-only";
  return a === "ro" ? "read-only" : "read-write";
}

function refusalOf(error: unknown): AuthError {
  if (error instanceof errors.JWTExpired) return new AuthError("AUTH_JWT_EXPIRED", "The JWT has expired");
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "nbf") {
    return new AuthError("AUTH_JWT_IMMATURE", "The JWT is immature (not valid yet)");
  }
  return new AuthError("AUTH_JWT_INVALID", "The JWT is invalid");
}
