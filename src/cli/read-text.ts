import { constants, createReadStream, openSync, readSync } from "node:fs";
import { stat } from "node:fs/promises";
import { Socket } from "node:net";
import { addAbortSignal } from "node:stream";
import { isatty, ReadStream } from "node:tty";
import { TursoPoolError } from "../core/errors.js";

/** A file that somebody named, as it is read. */
export interface NamedFile {
  readonly file: string;
  /** What it is called in a refusal. */
  readonly where: string;
  /** In MiB; no such file is larger. */
  readonly largest: number;
  /** How to come by such a file. */
  readonly hint: string;
}

/**
 * A text file whole, also from a pipe or a terminal.
 * @throws {TursoPoolError} `INVALID_OPTION`, saying why it cannot be read; `ABORTED` when the signal aborts
 */
export async function readText(
  { file, where, largest, hint }: NamedFile,
  signal?: AbortSignal,
): Promise<string> {
  const refused = (what: string): TursoPoolError =>
    new TursoPoolError("INVALID_OPTION", `${where}: ${what}`, { hint });
  const end = largest * 2 ** 20;
  try {
    const isPipe = (await stat(file)).isFIFO();
    signal?.throwIfAborted();
    const bytes = await (isPipe ? pipeBytes(file, end, signal) : fileBytes(file, end, signal));
    if (bytes.length > end) throw refused(`it is over ${largest} MiB, and no such file is`);
    return decoded(bytes);
  } catch (error) {
    if (error instanceof TursoPoolError) throw error;
    if (signal?.aborted === true)
      throw new TursoPoolError("ABORTED", `${where}: interrupted before it was read`, { cause: error });
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw refused(WHY[code] ?? `it cannot be read (${code})`);
  }
}

/** Neither a terminal nor a device knows how much there is to come. */
function fileBytes(file: string, end: number, signal?: AbortSignal): Promise<Buffer> {
  const fd = openSync(file, "r");
  const stream = isatty(fd) ? new ReadStream(fd) : createReadStream(file, { fd, end });
  return collect(signal === undefined ? stream : addAbortSignal(signal, stream), end);
}

/**
 * A pipe that nobody writes to is at its end. No thread waits for the others: neither a signal nor the end of the
 * process would end that.
 */
async function pipeBytes(file: string, end: number, signal?: AbortSignal): Promise<Buffer> {
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  const socket = new Socket({ fd, readable: true, writable: false, ...(signal && { signal }) });
  const { bytes, ended } = readyBytes(fd, end);
  if (!ended) return Buffer.concat([bytes, await collect(socket, end - bytes.length)]);
  socket.destroy();
  return bytes;
}

/** What can be read at once. Of a pipe that had no writer when it was opened no event tells the end. */
function readyBytes(fd: number, most: number): { readonly bytes: Buffer; readonly ended: boolean } {
  const chunks: Buffer[] = [];
  for (let size = 0; size <= most;) {
    const chunk = Buffer.alloc(2 ** 16);
    try {
      const length = readSync(fd, chunk);
      if (length === 0) return { bytes: Buffer.concat(chunks), ended: true };
      chunks.push(chunk.subarray(0, length));
      size += length;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EAGAIN") break;
      throw error;
    }
  }
  return { bytes: Buffer.concat(chunks), ended: false };
}

/** All that comes, or the first that is more than `most`. */
async function collect(stream: AsyncIterable<unknown>, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most) break;
  }
  return Buffer.concat(chunks);
}

const WHY: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "there is no such file",
  EISDIR: "it is a directory",
  EACCES: "it cannot be read: permission denied",
  EPERM: "it cannot be read: permission denied",
};

/** What a shell on Windows redirects is UTF-16. */
function decoded(bytes: Buffer): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : "utf-8").decode(bytes);
}
