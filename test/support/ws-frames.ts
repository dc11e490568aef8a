import { createHash } from "node:crypto";
import type { Socket } from "node:net";

/** Operation codes (RFC 6455, section 5.2). */
export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;

export interface FrameOptions {
  /** Default true: the last of its message. */
  readonly fin?: boolean;
  /** A client's is masked, with this. */
  readonly mask?: Buffer;
}

/** One WebSocket frame, whether it makes sense or not (RFC 6455, section 5.2). */
export function frame(opcode: number, payload: Buffer | string, options: FrameOptions = {}): Buffer {
  const { fin = true, mask } = options;
  const data = Buffer.from(payload);
  const length = data.length < 126 ? data.length : data.length < 2 ** 16 ? 126 : 127;
  const extra = Buffer.alloc(length === 127 ? 8 : length === 126 ? 2 : 0);
  if (extra.length === 2) extra.writeUInt16BE(data.length);
  if (extra.length === 8) extra.writeBigUInt64BE(BigInt(data.length));
  const head = Buffer.from([(fin ? 0x80 : 0) | opcode, (mask ? 0x80 : 0) | length]);
  if (!mask) return Buffer.concat([head, extra, data]);
  const masked = data.map((byte, at) => byte ^ (mask[at % 4] ?? 0));
  return Buffer.concat([head, extra, mask, masked]);
}

/** Calls `onText` with each text message of a client that sends each as one frame, as `ws` does. */
export function readFrames(socket: Socket, onText: (text: string) => void): void {
  let unread = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    for (;;) {
      const [first = 0, second = 0] = unread;
      const short = second & 0x7f;
      const extra = short === 127 ? 8 : short === 126 ? 2 : 0;
      if (unread.length < 6 + extra) return;
      const length =
        extra === 8 ? Number(unread.readBigUInt64BE(2)) : extra === 2 ? unread.readUInt16BE(2) : short;
      const start = 6 + extra;
      if (unread.length < start + length) return;
      const mask = unread.subarray(start - 4, start);
      const text = unread.subarray(start, start + length).map((byte, at) => byte ^ (mask[at % 4] ?? 0));
      unread = unread.subarray(start + length);
      if ((first & 0x0f) === TEXT) onText(Buffer.from(text).toString("utf8"));
    }
  });
}

/** A client's request to become a WebSocket that speaks Hrana. */
export function upgradeRequest(protocol: string): string {
  return [
    "GET / HTTP/1.1",
    "Host: localhost",
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Protocol: ${protocol}`,
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "",
    "",
  ].join("\r\n");
}

/** A server's answer to the head of such a request. */
export function upgradeAnswer(head: string, protocol = "hrana2"): string {
  const key = /sec-websocket-key: (.*)/i.exec(head)?.[1] ?? "";
  const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
  return [
    "HTTP/1.1 101 Switching Protocols",
    "upgrade: websocket",
    "connection: upgrade",
    `sec-websocket-protocol: ${protocol}`,
    `sec-websocket-accept: ${accept}`,
    "",
    "",
  ].join("\r\n");
}
