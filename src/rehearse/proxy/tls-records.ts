import { plainRequest, type Parse } from "./request.js";

const HEAD = 5;
const CHANGE_CIPHER_SPEC = 20;
export const HANDSHAKE = 22;
const APPLICATION_DATA = 23;

/**
 * The records that a TLS client sends (RFC 8446, section 5.1), told apart as handshake and what follows it. After
 * its ChangeCipherSpec, which every client of Node sends (appendix D.4), there is one more of the handshake: the
 * Finished, in TLS 1.3 disguised as application data.
 */
export function tlsRecords(): Parse {
  let state: "hello" | "finishing" | "open" = "hello";
  return (bytes) => {
    if (bytes.length < HEAD) return { need: HEAD };
    const type = bytes.readUInt8(0);
    const length = HEAD + bytes.readUInt16BE(3);
    if (bytes.length < length) return { need: length };
    const isRequest = state === "open" && type === APPLICATION_DATA;
    if (state === "finishing") state = "open";
    if (type === CHANGE_CIPHER_SPEC && state === "hello") state = "finishing";
    return { request: plainRequest(isRequest ? "opaque" : "other"), length };
  };
}
