import { open } from "node:fs/promises";
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

/** A text file whole, also from a pipe. @throws {TursoPoolError} `INVALID_OPTION`, saying why it cannot be read. */
export async function readText({ file, where, largest, hint }: NamedFile): Promise<string> {
  const refused = (what: string): TursoPoolError =>
    new TursoPoolError("INVALID_OPTION", `${where}: ${what}`, { hint });
  const end = largest * 2 ** 20;
  try {
    await using handle = await open(file);
    // Neither a pipe nor a device knows how much there is to come.
    const bytes = Buffer.concat(await handle.createReadStream({ end, autoClose: false }).toArray());
    if (bytes.length > end) throw refused(`it is over ${largest} MiB, and no such file is`);
    return decoded(bytes);
  } catch (error) {
    if (error instanceof TursoPoolError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw refused(WHY[code] ?? `it cannot be read (${code})`);
  }
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
