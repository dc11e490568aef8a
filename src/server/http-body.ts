import { isUtf8 } from "node:buffer";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Clock } from "../core/clock.js";
import type { Milliseconds } from "../core/duration.js";
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

/** What is still taken of a body that was refused; a client that goes on is cut off. */
const MAX_DISCARDED_BYTES = 64 * 1024 * 1024;
const MAX_DISCARD_TIME: Milliseconds = 2_000;

/**
 * Answers 413, and goes on reading for a while before it closes the socket: one that is closed with data
 * unread is reset, and a client that is still writing never sees its answer (RFC 9112, section 9.6).
 */
export async function refuseBody(
  request: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
): Promise<void> {
  const text = JSON.stringify({ error: "Request body is too large" });
  const headers = { "content-type": "application/json", "content-length": text.length };
  response.writeHead(413, { ...headers, connection: "close" });
  response.write(text);
  await discard(request, clock);
  response.end();
}

/** Reads on until the end, or the client's, or a limit. */
function discard(request: IncomingMessage, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      deadline.cancel();
      resolve();
    };
    const deadline = clock.schedule(MAX_DISCARD_TIME, stop);
    let length = 0;
    request.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_DISCARDED_BYTES) stop();
    });
    request.on("end", stop).on("error", stop).on("close", stop);
    if (request.destroyed) stop();
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
