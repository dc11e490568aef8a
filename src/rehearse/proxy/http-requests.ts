import type { Found, Parse } from "./request.js";

const HEAD_END = "\r\n\r\n";

/** A request of HTTP/1.1 (RFC 9112): its head, and the body that the head announces. */
export const parseHttp: Parse = (bytes) => {
  const at = bytes.indexOf(HEAD_END);
  if (at === -1) return { need: bytes.length + 1 };
  const head = bytes.toString("latin1", 0, at);
  const header = (name: string): string | undefined =>
    new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, "im").exec(head)?.[1];
  const bodyAt = at + HEAD_END.length;
  const end = /\bchunked$/i.test(header("transfer-encoding") ?? "")
    ? endOfChunks(bytes, bodyAt)
    : bodyAt + (parseInt(header("content-length") ?? "", 10) || 0);
  if (end === undefined) return { need: bytes.length + 1 };
  if (bytes.length < end) return { need: end };
  const kind = header("upgrade")?.toLowerCase() === "websocket" ? "upgrade" : "http";
  const text = (): string => bytes.toString("utf8", 0, end);
  return { request: { kind, text, header }, length: end } satisfies Found;
};

/** Where a chunked body ends (RFC 9112, section 7.1); `undefined` while that is not there yet. */
function endOfChunks(bytes: Buffer, from: number): number | undefined {
  for (let at = from; ;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd === -1) return undefined;
    const size = parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (size > 0) {
      at = lineEnd + 2 + size + 2;
      continue;
    }
    // Trailers, of which there may be none, and an empty line.
    const end = bytes.indexOf(HEAD_END, lineEnd);
    return end === -1 ? undefined : end + HEAD_END.length;
  }
}
