import { isIP, connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import type { HandshakeTimer } from "./handshake.js";
import type { SocketGroup } from "./socket-observer.js";
import type { RemoteTarget } from "./target.js";

export interface DialOptions {
  /** Certificate authorities to trust instead of Node's, in PEM. */
  readonly ca?: string | undefined;
  /** Told of every socket. */
  readonly sockets?: SocketGroup | undefined;
}

/**
 * Opens a socket to the target, TLS included, and times the phases. Certificates are always checked.
 * Rejects with the raw network error, or with the signal's reason; then no socket is left.
 */
export function dial(
  target: RemoteTarget,
  options: DialOptions,
  timer: HandshakeTimer,
  signal: AbortSignal,
): Promise<Socket> {
  signal.throwIfAborted();
  const { host, port } = target;
  return new Promise<Socket>((resolve, reject) => {
    const tcp = connectTcp({ host, port, noDelay: true });
    options.sockets?.claim(tcp);
    let socket: Socket | TLSSocket = tcp;
    const fail = (error: Error): void => {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      tcp.destroy();
      reject(error);
    };
    const onAbort = (): void => fail(signal.reason as Error);
    const done = (): void => {
      signal.removeEventListener("abort", onAbort);
      socket.off("error", fail);
      tcp.off("error", fail);
      resolve(socket);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    tcp.on("error", fail);
    tcp.once("lookup", () => timer.end("dns"));
    tcp.once("connect", () => {
      timer.end("tcp");
      if (!target.tls) return done();
      socket = connectTls({
        socket: tcp,
        ALPNProtocols: ["http/1.1"],
        // SNI carries names only (RFC 6066, section 3).
        ...(isIP(host) === 0 ? { servername: host } : { host }),
        ...(options.ca === undefined ? {} : { ca: options.ca }),
      });
      options.sockets?.secured(socket);
      socket.on("error", fail);
      socket.once("secureConnect", () => {
        timer.end("tls");
        done();
      });
    });
  });
}
