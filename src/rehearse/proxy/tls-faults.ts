import { createServer } from "node:tls";
import { generate } from "selfsigned";
import type { StrikeCounter } from "./strikes.js";
import type { Treatment } from "./treatment.js";

const DAY_MS = 24 * 3_600_000;
interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Neither a TLS record (RFC 8446, section 5.1) nor a status line (RFC 9112, section 4). */
const GARBAGE = Buffer.from("\0 This is no service that you know. \0\r\n\r\n");

/** What answers speaks neither TLS nor HTTP. */
export function notTls(strikes: StrikeCounter): Treatment {
  return {
    accept: (client) => {
      strikes.strikes();
      client.once("data", () => {
        client.write(GARBAGE);
        client.destroySoon();
      });
      return true;
    },
    meet: (line, age) => (age === "open" ? line.end("reset") : undefined),
  };
}

/** What answers has a certificate that nobody should trust, and goes no further with those who do. */
export function badCertificate(certificate: Certificate, strikes: StrikeCounter): Treatment {
  // It never listens: connections are handed to it.
  const server = createServer(certificate, (secure) => void secure.destroy());
  server.on("tlsClientError", (_error, secure) => void secure.destroy());
  return {
    accept: (client) => {
      strikes.strikes();
      // Else a client that leaves in mid-handshake leaves this side open.
      client.allowHalfOpen = false;
      server.emit("connection", client);
      return true;
    },
    meet: (line, age) => (age === "open" ? line.end("reset") : undefined),
  };
}

/** A certificate for a name, which ended yesterday. */
export async function expiredCertificate(name: string): Promise<Certificate> {
  const now = Date.now();
  const { cert, private: key } = await generate([{ name: "commonName", value: name }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(now - 30 * DAY_MS),
    notAfterDate: new Date(now - DAY_MS),
  });
  return { cert, key };
}
