import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT } from "jose";

/** The public key of a server in a file, which is gone in the end, and who signs tokens for it. */
export async function signedTokens() {
  const folder = await mkdtemp(join(tmpdir(), "turso-pool-test-"));
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const authJwtKeyFile = join(folder, "key.pem");
  await writeFile(authJwtKeyFile, publicKey.export({ type: "spki", format: "pem" }));
  return {
    authJwtKeyFile,
    sign: (expiry: string, access: "rw" | "ro" = "rw"): Promise<string> =>
      new SignJWT({ a: access })
        .setProtectedHeader({ alg: "EdDSA" })
        .setExpirationTime(expiry)
        .sign(privateKey),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
