import { parseHttp } from "./http-requests.js";
import { plainRequest, type ClientRequest, type Parse } from "./request.js";
import { HANDSHAKE, tlsRecords } from "./tls-records.js";
import { parseFrame } from "./websocket-frames.js";

/** A piece with its bytes, of which some may have been let through before it was whole. */
export interface ReadRequest {
  readonly request: ClientRequest;
  readonly rest: Buffer;
  /** Some of its bytes are through already: it is too late to keep it from the server. */
  readonly isBegun: boolean;
}

const parseAnything: Parse = (bytes) => ({ request: plainRequest("other"), length: bytes.length });

/** Follows what a client sends from its first byte on, and cuts it into requests. */
export class RequestReader {
  #parse: Parse | undefined;
  #chunks: Buffer[] = [];
  #size = 0;
  #need = 1;
  /** How many bytes of what is here are through. */
  #through = 0;

  /** The requests that are whole with these bytes. */
  read(bytes: Buffer): ReadRequest[] {
    this.#chunks.push(bytes);
    this.#size += bytes.length;
    const found: ReadRequest[] = [];
    while (this.#size >= this.#need && this.#size > 0) {
      const all = this.#chunks.length === 1 ? this.#chunks[0] : Buffer.concat(this.#chunks);
      if (all === undefined) break;
      this.#parse ??= parserFor(all.readUInt8(0));
      const piece = this.#parse(all);
      if ("need" in piece) {
        this.#chunks = [all];
        this.#need = piece.need;
        break;
      }
      const { request, length } = piece;
      found.push({
        request,
        rest: all.subarray(Math.min(this.#through, length), length),
        isBegun: this.#through > 0,
      });
      this.#through = Math.max(0, this.#through - length);
      this.#chunks = [all.subarray(length)];
      this.#size -= length;
      this.#need = 1;
      if (request.kind === "upgrade") this.#parse = parseFrame;
    }
    return found;
  }

  /** All that is here and not through: the caller lets it through now. */
  letThrough(): Buffer {
    const rest = Buffer.concat(this.#chunks).subarray(this.#through);
    this.#through = this.#size;
    return rest;
  }
}

function parserFor(first: number): Parse {
  if (first === HANDSHAKE) return tlsRecords();
  return first >= 0x41 && first <= 0x5a ? parseHttp : parseAnything;
}
