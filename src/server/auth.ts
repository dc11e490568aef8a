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
