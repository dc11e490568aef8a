/** A piece of what a client sends that something can be done to. */
export interface ClientRequest {
  /**
   * `http`: a request, head and body. `upgrade`: one for a WebSocket. `message`: a WebSocket's, whole.
   * `opaque`: some of an encrypted stream. `other`: handshakes, pings and whatever else is no request.
   */
  readonly kind: "http" | "upgrade" | "message" | "opaque" | "other";
  /** What it says, where it can be read: looked for only when somebody asks. */
  readonly text: () => string;
  /** Its first header of this name. */
  readonly header: (name: string) => string | undefined;
}

/** A {@link ClientRequest} found at the beginning of some bytes. */
export interface Found {
  readonly request: ClientRequest;
  readonly length: number;
}

/** Looks for a whole piece at the beginning of `bytes`: what it is, or how many bytes there must be to look again. */
export type Parse = (bytes: Buffer) => Found | { readonly need: number };

const noHeader = (): undefined => undefined;

export function plainRequest(kind: ClientRequest["kind"], text = (): string => ""): ClientRequest {
  return { kind, text, header: noHeader };
}
