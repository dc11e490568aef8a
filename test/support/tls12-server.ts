import { connect } from "node:net";
import { createServer } from "node:tls";
import type { AddressInfo, Socket } from "node:net";
import { makeCertificate } from "../../src/server/certificate.js";

/** TLS 1.2 and nothing newer, in front of a server on this machine that speaks none. */
export interface Tls12Server extends AsyncDisposable {
  readonly port: number;
  /** PEM to trust. */
  readonly ca: string;
}

export async function tls12Server(port: number): Promise<Tls12Server> {
  const { cert, key } = await makeCertificate();
  const sockets = new Set<Socket>();
  const server = createServer({ cert, key, maxVersion: "TLSv1.2", noDelay: true }, (client) => {
    const behind = connect({ host: "127.0.0.1", port, noDelay: true });
    for (const [one, other] of [
      [client, behind],
      [behind, client],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    ca: cert,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
