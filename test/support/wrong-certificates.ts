import { createServer } from "node:tls";
import type { AddressInfo, Socket } from "node:net";
import { generate } from "selfsigned";

/** A TLS server on this machine with a certificate that is refused, and what it was told in spite of it. */
export interface WrongServer extends AsyncDisposable {
  readonly port: number;
  /** The certificate, for those that trust its maker and still must not take it. */
  readonly cert: string;
  /** What was sent to it, deciphered. */
  readonly heard: () => string;
}

const DAY_MS = 24 * 3_600_000;

/** @param names in the certificate; @param days until it expires: negative for one that has. */
export async function wrongServer(names: readonly string[], days = 30): Promise<WrongServer> {
  const until = Date.now() + days * DAY_MS;
  const { cert, private: key } = await generate([{ name: "commonName", value: names[0] ?? "" }], {
    keyType: "ec",
    notBeforeDate: new Date(Math.min(Date.now(), until) - DAY_MS),
    notAfterDate: new Date(until),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) },
    ],
  });
  let heard = "";
  const sockets = new Set<Socket>();
  const server = createServer({ cert, key }, (socket) => {
    socket.on("data", (data: Buffer) => (heard += data.toString("latin1"))).on("error", () => undefined);
  });
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).once("close", () => sockets.delete(socket));
  });
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cert,
    heard: () => heard,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
