import { createPublicKey, type KeyObject } from "node:crypto";
import { errors, jwtVerify } from "jose";
import { AuthError, type Authenticator } from "./auth.js";
import type { Permission } from "./sql-stream.js";

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
    throw invalid();
  }
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

/** @throws {AuthError} for a claim that is not understood: what a token may do is never guessed. */
function permissionOf({ a, p }: Readonly<Record<string, unknown>>): Permission {
  const isKnown = a === undefined || a === null || a === "ro" || a === "rw";
  const hasScopes = typeof p === "object" && p !== null && !Array.isArray(p);
  if (!isKnown || !(hasScopes || p === undefined || p === null)) throw invalid();
  if (hasScopes) return "rw" in p ? "read-write" : "read-only";
  return a === "ro" ? "read-only" : "read-write";
}

function refusalOf(error: unknown): AuthError {
  if (error instanceof errors.JWTExpired) return new AuthError("AUTH_JWT_EXPIRED", "The JWT has expired");
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === "nbf") {
    return new AuthError("AUTH_JWT_IMMATURE", "The JWT is immature (not valid yet)");
  }
  return invalid();
}

function invalid(): AuthError {
  return new AuthError("AUTH_JWT_INVALID", "The JWT is invalid");
}
