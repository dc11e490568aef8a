import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { HandshakePhase } from "./handshake.js";

/** Told what happens on one connection's wire, as it happens; for instruments. */
export interface WireListener {
  /** A phase of opening the connection is over. */
  passed(phase: HandshakePhase): void;
  /** TCP is connected. */
  connected(socket: Socket): void;
  /** TLS runs over it, as this socket. */
  secured(socket: TLSSocket): void;
  /** The server took the upgrade to WebSocket, and chose this subprotocol; empty when it chose none. */
  upgraded(subprotocol: string): void;
  /** What the client has to say is about to go out. */
  sending(): void;
  /** A message came in, or over HTTP the body of an answer. Told before the client reads it. */
  received(text: string): void;
}
