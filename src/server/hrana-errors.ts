import type { HranaError } from "./protocol.js";

/**
 * A request that failed while the conversation goes on: a bad statement, a limit, a lost transaction.
 * Codes and messages are those of sqld, because clients switch on them.
 */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly code: string;
  readonly extendedCode: string | undefined;

  constructor(code: string, message: string, extendedCode?: string) {
    super(message);
    this.code = code;
    this.extendedCode = extendedCode;
  }

  /** As it goes over the wire. */
  toWire(): HranaError {
    const { message, code, extendedCode } = this;
    return extendedCode === undefined ? { message, code } : { message, code, extended_code: extendedCode };
  }
}

/** What was wrong with a message: decides the WebSocket close code (RFC 6455, section 7.4.1). */
export type ViolationKind = "malformed" | "unsupported" | "policy";

/** A breach of the protocol that a correct client never commits: it ends the WebSocket or the HTTP stream. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
  readonly kind: ViolationKind;

  constructor(kind: ViolationKind, message: string) {
    super(message);
    this.kind = kind;
  }

  get closeCode(): number {
    switch (this.kind) {
      case "malformed":
        return 1007;
      case "unsupported":
        return 1003;
      case "policy":
        return 1008;
    }
  }
}

/** Something that was asked for needs a later version of the protocol. */
export function notSupported(what: string, version: number): ProtocolError {
  return new ProtocolError(
    "policy",
    `${what} is only supported in protocol version hrana${version} and higher`,
  );
}
