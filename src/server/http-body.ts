import { isUtf8 } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import { ProtocolError } from "./hrana-errors.js";

/** The body of a request is longer than the server takes. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/**
 * Reads a request's body as text, or `undefined` when the client left in the middle.
 * @throws {BodyTooLarge} as soon as that is known; {ProtocolError} when it is not UTF-8.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    if (Number(request.headers["content-length"] ?? 0) > maxBytes) return reject(new BodyTooLarge());
    const chunks: Buffer[] = [];
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBytes) chunks.push(chunk);
      else {
        request.removeAllListeners("data");
        reject(new BodyTooLarge());
      }
    });
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      if (isUtf8(body)) resolve(body.toString("utf8"));
      else reject(new ProtocolError("malformed", "Cannot deserialize client message from JSON: not UTF-8"));
    });
    request.on("error", () => resolve(undefined));
    request.on("close", () => resolve(undefined));
  });
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  send(response, status, "application/json", JSON.stringify(body));
}

/** Answers with text. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, "text/plain", text);
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) });
  response.end(text);
}
