import { generate } from "selfsigned";

/** A certificate and its private key, both PEM. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * Makes a certificate for this machine's own names, good for a month.
 *
 * ECDSA over P-256 because a handshake with it costs the server a tenth of one with RSA. It is its own
 * authority, so that a client needs to trust nothing but this one file.
 */
export async function makeCertificate(): Promise<ServerCertificate> {
  const now = Date.now();
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    // An hour of slack, for clients whose clock is behind.
    notBeforeDate: new Date(now - 3_600_000),
    notAfterDate: new Date(now + 30 * 24 * 3_600_000),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", digitalSignature: true, keyCertSign: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
