import { plainRequest, type Parse } from "./request.js";

const CLOSE = 8;

/** A frame that a client sends (RFC 6455, section 5.2), unmasked. Hrana's messages are one frame each. */
export const parseFrame: Parse = (bytes) => {
  if (bytes.length < 2) return { need: 2 };
  const opcode = bytes.readUInt8(0) & 0x0f;
  const second = bytes.readUInt8(1);
  const short = second & 0x7f;
  const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
  const maskAt = 2 + lengthBytes;
  const payloadAt = maskAt + (second & 0x80 ? 4 : 0);
  if (bytes.length < payloadAt) return { need: payloadAt };
  const size =
    lengthBytes === 2 ? bytes.readUInt16BE(2) : lengthBytes === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
  const length = payloadAt + size;
  if (bytes.length < length) return { need: length };
  if (opcode >= CLOSE) return { request: plainRequest("other"), length };
  const text = (): string => {
    const payload = Buffer.from(bytes.subarray(payloadAt, length));
    if (payloadAt > maskAt) {
      for (let at = 0; at < payload.length; at++) {
        payload[at] = (payload[at] ?? 0) ^ (bytes[maskAt + (at % 4)] ?? 0);
      }
    }
    return payload.toString("utf8");
  };
  return { request: plainRequest("message", text), length };
};

/** A text frame that a server sends: whole, unmasked. */
export function textFrame(text: string): Buffer {
  return frame(1, Buffer.from(text));
}

/** A close frame that a server sends. */
export function closeFrame(code: number): Buffer {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return frame(CLOSE, payload);
}

function frame(opcode: number, payload: Buffer): Buffer {
  const head = payload.length < 126 ? Buffer.alloc(2) : Buffer.alloc(4);
  head.writeUInt8(0x80 | opcode, 0);
  if (head.length === 2) head.writeUInt8(payload.length, 1);
  else {
    head.writeUInt8(126, 1);
    head.writeUInt16BE(payload.length, 2);
  }
  return Buffer.concat([head, payload]);
}
