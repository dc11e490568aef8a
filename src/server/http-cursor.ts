import type { ServerResponse } from "node:http";
import { nextTurn } from "./next-turn.js";
import type { CursorEntry } from "./protocol.js";

/** A cursor writes in pieces of about this size: one system call per row would be slow. */
const CHUNK_LENGTH = 32 * 1024;

/**
 * Writes the entries of a cursor, one JSON document a line, no faster than the client takes them.
 * Stops when the client is gone; ending the entries is up to the caller.
 */
export async function writeEntries(
  response: ServerResponse,
  entries: AsyncIterator<CursorEntry, void, undefined>,
): Promise<void> {
  // Lets what the caller writes first go first.
  await nextTurn();
  let chunk = "";
  while (!response.destroyed) {
    const next = await entries.next();
    if (next.done !== true) chunk += `${JSON.stringify(next.value)}\n`;
    if (next.done !== true && chunk.length < CHUNK_LENGTH) continue;
    const mayGoOn = response.write(chunk);
    if (next.done === true) return;
    chunk = "";
    // Other clients get their turn after each piece, as a cursor may be endless.
    await (mayGoOn ? nextTurn() : drainedOrClosed(response));
  }
}

function drainedOrClosed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.on("drain", done).on("close", done);
    if (response.destroyed) done();
  });
}
