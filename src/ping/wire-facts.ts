import type { Socket } from "node:net";
import type { Trace } from "./trace.js";

/** What was agreed on, and who answered. What does not apply is `null`. */
export interface WireFacts {
  /** As Node names it: `TLSv1.3`. */
  readonly tlsVersion: string | null;
  readonly alpn: string | null;
  /** The WebSocket subprotocol: `hrana2`; empty when the server chose none, which is Hrana 1. */
  readonly subprotocol: string | null;
  readonly family: string | null;
  readonly address: string | null;
  readonly certificateExpires: Date | null;
  /** Addresses that were connected to until one answered. */
  readonly addressesTried: number;
}

/** To be asked while the connection is open. */
export function wireFacts({ tcp, tls, subprotocol }: Trace): WireFacts {
  const socket = tls ?? tcp;
  const expires = new Date(tls?.getPeerCertificate().valid_to ?? NaN);
  return {
    tlsVersion: tls?.getProtocol() ?? null,
    alpn: typeof tls?.alpnProtocol === "string" ? tls.alpnProtocol : null,
    subprotocol: subprotocol ?? null,
    family: socket?.remoteFamily ?? null,
    address: socket?.remoteAddress ?? null,
    certificateExpires: Number.isNaN(expires.getTime()) ? null : expires,
    addressesTried: tcp === undefined ? 0 : addressesTried(tcp),
  };
}

/** Node tries the addresses of a name one after the other (RFC 8305), and says nothing of it where there is one. */
function addressesTried({ autoSelectFamilyAttemptedAddresses: tried }: Partial<Socket>): number {
  return tried?.length ?? 1;
}
