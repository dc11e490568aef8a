import { isIP, connect as connectTcp, type LookupFunction, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { realClock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
import { PunctualAlarm } from "../core/punctual-alarm.js";
import type { HandshakeTimer } from "./handshake.js";
import type { SocketGroup } from "./socket-observer.js";
import type { RemoteTarget } from "./target.js";
import type { WireListener } from "./wire.js";

export interface DialOptions {
  /** Certificate authorities to trust instead of Node's, in PEM. */
  readonly ca?: string | undefined;
  /** Told of every socket. */
  readonly sockets?: SocketGroup | undefined;
  /** Told what happens on the wire. */
  readonly wire?: WireListener | undefined;
  /** Looks names up, as `dns.lookup` does, which is the default. */
  readonly lookup?: LookupFunction | undefined;
  /**
   * The TCP connection goes there, to a proxy that leads on to the target; the names that TLS checks and HTTP sends
   * stay the target's.
   */
  readonly via?: { readonly host: string; readonly port: number } | undefined;
  /**
   * TCP's handshake takes this much longer. For an emulated network on this machine, where the kernel connects
   * at once: it holds the first bytes back until then, so that who has waited loses nothing.
   */
  readonly tcpRoundTrip?: Milliseconds | undefined;
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
  const { host } = target;
  return new Promise<Socket>((resolve, reject) => {
    const { lookup, tcpRoundTrip = 0 } = options;
    const place = options.via ?? { host, port: target.port };
    const tcp = connectTcp({ ...place, noDelay: true, ...(lookup === undefined ? {} : { lookup }) });
    options.sockets?.claim(tcp);
    const gone = new Promise((closed) => tcp.once("close", closed));
    let socket: Socket | TLSSocket = tcp;
    const fail = (error: Error): void => {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
      tcp.destroy();
      void gone.then(() => reject(error));
    };
    const onAbort = (): void => fail(signal.reason as Error);
    const done = (): void => {
      signal.removeEventListener("abort", onAbort);
      socket.off("error", fail);
      tcp.off("error", fail);
      resolve(socket);
    };
    const connected = (): void => {
      if (tcp.destroyed) return;
      timer.end("tcp");
      options.wire?.connected(tcp);
      if (!target.tls) return done();
      const tls = connectTls({
        socket: tcp,
        ALPNProtocols: ["http/1.1"],
        // Said, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment, meant for others, does not switch it off.
        rejectUnauthorized: true,
        // SNI carries names only (RFC 6066, section 3).
        ...(isIP(host) === 0 ? { servername: host } : { host }),
        ...(options.ca === undefined ? {} : { ca: options.ca }),
      });
      socket = tls;
      options.sockets?.secured(tls);
      tls.on("error", fail);
      tls.once("secureConnect", () => {
        timer.end("tls");
        options.wire?.secured(tls);
        done();
      });
    };
    signal.addEventListener("abort", onAbort, { once: true });
    tcp.on("error", fail);
    tcp.once("lookup", () => timer.end("dns"));
    tcp.once("connect", () => {
      if (tcpRoundTrip === 0) return connected();
      new PunctualAlarm(realClock, connected).setNoLaterThan(realClock.now() + tcpRoundTrip);
    });
  });
}
